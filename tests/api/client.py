"""A client by openapi-python-client: asks, sends, works the lead, withdraws; every answer is parsed into its class."""

import os
import sys

from luodi_client import AuthenticatedClient, Client
from luodi_client.api.leads import list_leads, list_tasks, move_lead, show_lead, show_report
from luodi_client.api.listings import list_listings, search_listings, show_listing, show_ranking
from luodi_client.api.requirements import (
    create_inquiries,
    create_requirement,
    delete_requirement,
    export_requirement,
    match_requirement,
    read_text,
    show_notice,
    show_requirement,
)
from luodi_client.api.webhooks import list_webhooks
from luodi_client.models import InquiriesIn, ReadIn, Requirement, RequirementIn, StageIn
from luodi_client.models.problem import Problem

base, token, listing, park = sys.argv[1:]
api = Client(base_url=base)
staff = AuthenticatedClient(base_url=base, token=token)
turn = 0


def once():
    global turn
    turn += 1
    return f"py-{os.getpid()}-{turn}"


def done(answer):
    assert answer is not None and not isinstance(answer, Problem), answer
    return answer


notice = done(show_notice.sync(client=api))
done(read_text.sync(client=api, body=ReadIn(text="在温岭找25亩工业地")))
page = done(list_listings.sync(client=api, per_page=2))
assert len(page.items) == 2, page
done(show_listing.sync(client=api, id=listing))
done(search_listings.sync(client=api, q="工业"))
done(show_ranking.sync(client=api))
wanted = Requirement.from_dict({"kinds": ["plot"], "land_mu": {"min": 1}})
counts = done(match_requirement.sync(client=api, body=wanted, limit=5)).counts
body = RequirementIn.from_dict(
    {
        "requirement": wanted.to_dict(),
        "company": "示例零部件有限公司",
        "contact": "王工",
        "phone": "138 0013 8000",
        "email": "buyer@example.com",
        "consent": {"notice_version": notice.version},
    }
)
sent = done(create_requirement.sync(client=api, body=body, idempotency_key=once()))
asked = InquiriesIn.from_dict({"listings": [listing], "consent": {"notice_version": notice.version, "parks": [park]}})
asked = done(create_inquiries.sync(sent.reference, client=api, body=asked, idempotency_key=once()))
done(show_requirement.sync(sent.reference, client=api))
done(export_requirement.sync(sent.reference, client=api))
number = asked.inquiries[0].number
lead = done(list_leads.sync(client=staff, q=number)).items[0]
done(show_lead.sync(lead.id, client=staff))
step = StageIn(to=lead.next_stages[0], version=lead.version)
done(move_lead.sync(lead.id, client=staff, body=step, idempotency_key=once()))
late = move_lead.sync(lead.id, client=staff, body=step, idempotency_key=once())
assert isinstance(late, Problem) and late.status == 409, late
done(list_tasks.sync(client=staff))
done(list_webhooks.sync(client=staff))
done(show_report.sync("weekly", client=staff))
gone = delete_requirement.sync_detailed(sent.reference, client=api, idempotency_key=once())
assert gone.status_code == 204, gone
print(f"openapi-python-client: {counts.considered} considered, {number} asked, moved and withdrawn")
