import time, pytest
from lots.models import *
from lots.setup_file.export import exported, document, dumps
from lots.setup_file.importing import import_setup
from dashboard.replica import read, Replica
from dashboard.audience import Audience
from lots.bridge.facts import board_stamp
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
@pytest.mark.django_db
def test_big():
    pbx = Pbx.objects.create(name="main")
    g = Group.objects.create(name="G")
    base = {"slot_names": {}, "rights": [{"group": "G"}], "outside_numbers": [], "fallback": [{"kind":"phone","phones":["201"]}]}
    doc = {"format": "parkinglot-setup", "version": 1, "phones": [{"number":"201","name":"x","device":"PJSIP/201"}], "lots": [{"name": f"l{n}", "label": f"Lot {n}", "park_code": str(100000+100*n), "first_slot": 100001+100*n, "last_slot": 100010+100*n, **base, "slot_names": {str(100001+100*n): "A"}} for n in range(1000)]}
    file = dumps(doc).encode()
    for what in ("create", "same", "dry"):
        t=time.time()
        with CaptureQueriesContext(connection) as q:
            r = import_setup(pbx, file, dry_run=what=="dry")
        print(what, round(time.time()-t,2), len(q), r.changes)
    t=time.time(); text = exported(pbx); print("export", round(time.time()-t,2), len(text))
    pbx.lots.update(present=True)
    t=time.time(); truth=read(); print("read", round(time.time()-t,2))
    t=time.time(); board_stamp(); print("stamp", round(time.time()-t,2))
    rep = Replica(); rep.load(truth); s=frozenset(rep.lots); a=Audience(s,s)
    t=time.time(); x=rep.lots_json(a); print("json", round(time.time()-t,3), len(x))
    t=time.time(); x=rep.lots_json(Audience(s,frozenset())); print("json other audience", round(time.time()-t,4))
