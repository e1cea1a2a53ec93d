"""English: unmistakable on both sides of the Atlantic. The page's script writes times as the viewer's country does."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
