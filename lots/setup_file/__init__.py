"""The whole setup of a PBX as one readable file: export, and import with a preview, all or nothing, without secrets."""
