// A client by openapi-typescript's types: asks, sends, works the lead, withdraws. Compiled strictly, then run against a server.
import createClient from "openapi-fetch";
import type { paths } from "./openapi";

const [base, token, listing, park] = process.argv.slice(2) as [string, string, string, string];
const api = createClient<paths>({ baseUrl: base });
const staff = createClient<paths>({ baseUrl: base, headers: { Authorization: `Bearer ${token}` } });
let turn = 0;
const once = () => ({ "Idempotency-Key": `ts-${process.pid}-${turn++}` });

function done<T>(answer: { data?: T; error?: unknown; response: Response }): T {
    if (answer.data === undefined) throw new Error(`${answer.response.status}: ${JSON.stringify(answer.error)}`);
    return answer.data;
}

async function walk(): Promise<void> {
    const notice = done(await api.GET("/api/v1/notice"));
    const page = done(await api.GET("/api/v1/listings", { params: { query: { kind: "plot", per_page: 2 } } }));
    if (page.items.length !== 2) throw new Error("a page of two");
    const requirement = { kinds: ["plot" as const], land_mu: { min: 1 } };
    const answer = done(await api.POST("/api/v1/matches", { body: requirement, params: { query: { limit: 5 } } }));
    const sent = done(
        await api.POST("/api/v1/requirements", {
            params: { header: once() },
            body: {
                requirement,
                company: "示例零部件有限公司",
                contact: "王工",
                phone: "138 0013 8000",
                email: "buyer@example.com",
                consent: { notice_version: notice.version },
            },
        }),
    );
    const path = { reference: sent.reference };
    const asked = done(
        await api.POST("/api/v1/requirements/{reference}/inquiries", {
            params: { path, header: once() },
            body: { listings: [listing], consent: { notice_version: notice.version, parks: [park] } },
        }),
    );
    const number = asked.inquiries[0]?.number ?? "";
    const leads = done(await staff.GET("/api/v1/leads", { params: { query: { q: number } } }));
    const lead = leads.items[0];
    if (lead === undefined) throw new Error(`no lead ${number}`);
    const moved = await staff.POST("/api/v1/leads/{id}/stage", {
        params: { path: { id: lead.id }, header: once() },
        body: { to: lead.next_stages[0] ?? "", version: lead.version },
    });
    done(moved);
    const late = await staff.POST("/api/v1/leads/{id}/stage", {
        params: { path: { id: lead.id }, header: once() },
        body: { to: lead.next_stages[0] ?? "", version: lead.version },
    });
    if (late.error?.status !== 409) throw new Error(`an old version: ${late.response.status}`);
    const gone = await api.DELETE("/api/v1/requirements/{reference}", { params: { path, header: once() } });
    if (gone.response.status !== 204) throw new Error(`withdrawn: ${gone.response.status}`);
    console.log(`openapi-typescript: ${answer.counts.considered} considered, ${number} asked, moved and withdrawn`);
}

walk().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
