--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: access; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.access (
    id text NOT NULL,
    requirement_id text NOT NULL,
    account_id text NOT NULL,
    park_code text NOT NULL,
    what text NOT NULL,
    at bigint NOT NULL
);


--
-- Name: account; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account (
    id text NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    park_code text,
    password_hash text,
    created_at bigint NOT NULL,
    disabled_at bigint
);


--
-- Name: account_token; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account_token (
    hash text NOT NULL,
    account_id text NOT NULL,
    purpose text NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint
);


--
-- Name: audit; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit (
    id text NOT NULL,
    at bigint NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail text NOT NULL
);


--
-- Name: clock; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clock (
    name text NOT NULL,
    value bigint NOT NULL
);


--
-- Name: consent; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.consent (
    id text NOT NULL,
    requirement_id text NOT NULL,
    purpose text NOT NULL,
    receiver text NOT NULL,
    receiver_name text NOT NULL,
    receiver_contact text NOT NULL,
    data_kinds text NOT NULL,
    notice_version text NOT NULL,
    notice_hash text NOT NULL,
    at bigint NOT NULL,
    withdrawn_at bigint
);


--
-- Name: idempotency; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency (
    path text NOT NULL,
    key text NOT NULL,
    body_hash text NOT NULL,
    status bigint NOT NULL,
    body text NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: inquiry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.inquiry (
    id text NOT NULL,
    number text NOT NULL,
    requirement_id text NOT NULL,
    listing_kind text NOT NULL,
    listing_code text NOT NULL,
    listing_name text NOT NULL,
    park_code text NOT NULL,
    state text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: lead; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lead (
    id text NOT NULL,
    inquiry_id text NOT NULL,
    park_code text NOT NULL,
    stage text NOT NULL,
    owner_id text,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    due_at bigint NOT NULL,
    answered_at bigint,
    hidden boolean NOT NULL
);


--
-- Name: lead_event; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lead_event (
    id text NOT NULL,
    lead_id text NOT NULL,
    at bigint NOT NULL,
    account_id text,
    kind text NOT NULL,
    from_stage text,
    to_stage text,
    note text NOT NULL
);


--
-- Name: listing; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.listing (
    kind text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    park_code text,
    record text NOT NULL,
    demo boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: listing_change; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.listing_change (
    seq bigint NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    at bigint NOT NULL
);


--
-- Name: outbox; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.outbox (
    id text NOT NULL,
    purpose text NOT NULL,
    requirement_id text,
    inquiry_id text,
    resend_of text,
    recipient text,
    message_id text,
    payload bytea,
    state text NOT NULL,
    attempts bigint NOT NULL,
    next_at bigint NOT NULL,
    lease_token text,
    lease_until bigint,
    last_error text,
    created_at bigint NOT NULL,
    settled_at bigint
);


--
-- Name: outbox_attempt; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.outbox_attempt (
    id text NOT NULL,
    outbox_id text NOT NULL,
    at bigint NOT NULL,
    lease_token text NOT NULL,
    outcome text NOT NULL,
    detail text NOT NULL
);


--
-- Name: policy; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.policy (
    code text NOT NULL,
    title text NOT NULL,
    record text NOT NULL,
    demo boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: quota; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.quota (
    name text NOT NULL,
    window_start bigint NOT NULL,
    used bigint NOT NULL
);


--
-- Name: requirement; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.requirement (
    id text NOT NULL,
    reference text NOT NULL,
    state text NOT NULL,
    body text NOT NULL,
    free_text text,
    company text,
    contact text,
    phone text,
    email text,
    uscc text,
    locale text NOT NULL,
    created_at bigint NOT NULL,
    erased_at bigint
);


--
-- Name: seaql_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.seaql_migrations (
    version character varying NOT NULL,
    applied_at bigint NOT NULL
);


--
-- Name: session; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.session (
    hash text NOT NULL,
    account_id text NOT NULL,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: staff_task; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.staff_task (
    id text NOT NULL,
    kind text NOT NULL,
    park_code text,
    requirement_id text,
    inquiry_id text,
    outbox_id text,
    detail text NOT NULL,
    created_at bigint NOT NULL,
    done_at bigint,
    done_by text
);


--
-- Data for Name: access; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.access VALUES ('01a2243ddc8474d38647855339f7a59e', '01a2243dd1af71b99c8d62c9d580058a', '01a2243dda7c768e8d01a41d7668376c', 'T2', 'contact', 1795904363651);


--
-- Data for Name: account; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.account VALUES ('01a2243ddb077478b117e8dd77a8cb10', 'admin@example.com', 'admin', NULL, NULL, 1795904363271, NULL);
INSERT INTO public.account VALUES ('01a2243ddbab70418f6a9709b82be985', 'observer@example.com', 'observer', 'T1', NULL, 1795904363435, NULL);
INSERT INTO public.account VALUES ('01a2243dda7c768e8d01a41d7668376c', 'officer@example.com', 'officer', 'T2', '$argon2id$v=19$m=19456,t=2,p=1$x9B+SuzYAbAsIsmu8QNcEQ$vp6RXZc/yBX6m+c7qA/Q1IBn5Dh05gwmhUqNvSYA4HM', 1795904363132, NULL);


--
-- Data for Name: account_token; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.account_token VALUES ('34730941aa7fbdc2ea84dd8ac8096442e82a17441e7f7ea359c22933ae177a4e', '01a2243ddb077478b117e8dd77a8cb10', 'sign_in', 1796163563271, NULL);
INSERT INTO public.account_token VALUES ('d0c3710aba1a0389451410a3e04942ccef26b28e837a41ac1b1a68ee1b6e5cb9', '01a2243ddbab70418f6a9709b82be985', 'sign_in', 1796163563435, NULL);
INSERT INTO public.account_token VALUES ('fe4d3f6d154c1f13517af17080bd877146af19724000ed135befefd3cd0f9594', '01a2243dda7c768e8d01a41d7668376c', 'sign_in', 1796163563132, 1795904363487);


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit VALUES ('01a2243dcd89713eb5f1ae17b41cf802', 1795904359811, 'system', 'import', 'park', 'created 3 updated 0 unchanged 0');
INSERT INTO public.audit VALUES ('01a2243dce457449a2d68a877090a3e8', 1795904359991, 'system', 'import', 'plot', 'created 3 updated 0 unchanged 0');
INSERT INTO public.audit VALUES ('01a2243dceef74bdb4d033d4d9aa8fae', 1795904360152, 'system', 'import', 'space', 'created 2 updated 0 unchanged 0');
INSERT INTO public.audit VALUES ('01a2243dcfc1721794efa115559e945e', 1795904360379, 'system', 'import', 'policy', 'created 2 updated 0 unchanged 0');
INSERT INTO public.audit VALUES ('01a2243dd1c170ef9f0778178af2f58a', 1795904360879, 'enterprise', 'requirement.submit', '01a2243dd1af71b99c8d62c9d580058a', '');
INSERT INTO public.audit VALUES ('01a2243dd25377aba0320ff009d1ddad', 1795904360994, 'enterprise', 'inquiry.send', '01a2243dd224747f844518c271eb7236', 'T2');
INSERT INTO public.audit VALUES ('01a2243dd25377aba0320ff132b82927', 1795904360994, 'enterprise', 'inquiry.send', '01a2243dd23b75f78793efd5cc00b8b4', 'T1');
INSERT INTO public.audit VALUES ('01a2243dd2c074709990d0fd42b55705', 1795904361151, 'enterprise', 'requirement.submit', '01a2243dd2bf73a680eebd83fccb80b0', '');
INSERT INTO public.audit VALUES ('01a2243dd2f377a29c7814d798cc1671', 1795904361200, 'enterprise', 'requirement.submit', '01a2243dd2f075c3bda64934039c651f', '');
INSERT INTO public.audit VALUES ('01a2243dd34077f69f93aa439887feb7', 1795904361262, 'enterprise', 'inquiry.send', '01a2243dd336740cbd7988a2f3c4a551', 'T1');
INSERT INTO public.audit VALUES ('01a2243dd3787462992274a3a8d4455d', 1795904361335, 'enterprise', 'requirement.submit', '01a2243dd377759daaec68dc6828e3b1', '');
INSERT INTO public.audit VALUES ('01a2243dd3e372758b8a638c7c6d236a', 1795904361414, 'enterprise', 'inquiry.send', '01a2243dd3c774f9979d5b3f9f2a197e', 'T2');
INSERT INTO public.audit VALUES ('01a2243dd4d2727389ec6c5feceb7afd', 1795904361674, 'enterprise', 'requirement.erase', '01a2243dd377759daaec68dc6828e3b1', '');
INSERT INTO public.audit VALUES ('01a2243dd55d738d9c6dd7c766c8fe9b', 1795904361820, 'enterprise', 'requirement.submit', '01a2243dd55c764b8df42b2d2d1579af', '');
INSERT INTO public.audit VALUES ('01a2243dd57271958ebd6132413c27f7', 1795904361833, 'enterprise', 'inquiry.send', '01a2243dd56a744d8969127dda2544db', 'T2');
INSERT INTO public.audit VALUES ('01a2243dda817294bb6c7a13e35f44f8', 1795904363132, 'operator', 'account.invite', '01a2243dda7c768e8d01a41d7668376c', '');
INSERT INTO public.audit VALUES ('01a2243ddb17754488e22f584d2ea916', 1795904363271, 'operator', 'account.invite', '01a2243ddb077478b117e8dd77a8cb10', '');
INSERT INTO public.audit VALUES ('01a2243ddbb57573a277ff90cbc74b02', 1795904363435, 'operator', 'account.invite', '01a2243ddbab70418f6a9709b82be985', '');
INSERT INTO public.audit VALUES ('01a2243ddc22758bb8108849154ac559', 1795904363487, '01a2243dda7c768e8d01a41d7668376c', 'account.redeem_link', '01a2243dda7c768e8d01a41d7668376c', '');
INSERT INTO public.audit VALUES ('01a2243ddc8e726a8b84d2e6b44e8119', 1795904363651, '01a2243dda7c768e8d01a41d7668376c', 'contact.reveal', '01a2243dd224747f844518c3f2f53498', '');
INSERT INTO public.audit VALUES ('01a2243ddcc170bc804df153dadcd20e', 1795904363711, '01a2243dda7c768e8d01a41d7668376c', 'lead.advance', '01a2243dd224747f844518c3f2f53498', 'registered -> contacted');
INSERT INTO public.audit VALUES ('01a2243ddce9708dbd7cf954b13b731f', 1795904363751, '01a2243dda7c768e8d01a41d7668376c', 'lead.advance', '01a2243dd224747f844518c3f2f53498', 'contacted -> shelved');


--
-- Data for Name: clock; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clock VALUES ('listing', 10);


--
-- Data for Name: consent; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.consent VALUES ('01a2243dd1c170ef9f077816c1252329', '01a2243dd1af71b99c8d62c9d580058a', 'handle', 'luodi', '落地选址（示例运营方）', 'privacy@luodi.example.com', 'company,contact,phone,email,requirement', '2026-11-24', '274ecf828aee3000317d3029fed6a7e88851285b0998f0ed618f0a8d772b073f', 1795904360879, NULL);
INSERT INTO public.consent VALUES ('01a2243dd25377aba0320fec789a5fe9', '01a2243dd1af71b99c8d62c9d580058a', 'provide', 'T2', '示例二号园区', 'two@example.com', 'company,contact,phone,email,requirement', '2026-11-24', '274ecf828aee3000317d3029fed6a7e88851285b0998f0ed618f0a8d772b073f', 1795904360994, NULL);
INSERT INTO public.consent VALUES ('01a2243dd25377aba0320fedb78518ab', '01a2243dd1af71b99c8d62c9d580058a', 'provide', 'T1', '示例一号园区', 'one@example.com', 'company,contact,phone,email,requirement', '2026-11-24', '274ecf828aee3000317d3029fed6a7e88851285b0998f0ed618f0a8d772b073f', 1795904360994, NULL);
INSERT INTO public.consent VALUES ('01a2243dd2c074709990d0fcebf8cac3', '01a2243dd2bf73a680eebd83fccb80b0', 'handle', 'luodi', '落地选址（示例运营方）', 'privacy@luodi.example.com', 'company,contact,phone,email,requirement', '2026-11-24', '274ecf828aee3000317d3029fed6a7e88851285b0998f0ed618f0a8d772b073f', 1795904361151, NULL);
INSERT INTO public.consent VALUES ('01a2243dd2f377a29c7814d63806a91a', '01a2243dd2f075c3bda64934039c651f', 'handle', 'luodi', '落地选址（示例运营方）', 'privacy@luodi.example.com', 'company,contact,phone,email,requirement', '2026-11-24', '274ecf828aee3000317d3029fed6a7e88851285b0998f0ed618f0a8d772b073f', 1795904361200, NULL);
INSERT INTO public.consent VALUES ('01a2243dd34077f69f93aa41a7cca13d', '01a2243dd2f075c3bda64934039c651f', 'provide', 'T1', '示例一号园区', 'one@example.com', 'company,contact,phone,email,requirement', '2026-11-24', '274ecf828aee3000317d3029fed6a7e88851285b0998f0ed618f0a8d772b073f', 1795904361262, NULL);
INSERT INTO public.consent VALUES ('01a2243dd3787462992274a26d48ce8d', '01a2243dd377759daaec68dc6828e3b1', 'handle', 'luodi', '落地选址（示例运营方）', 'privacy@luodi.example.com', 'company,contact,phone,email,requirement', '2026-11-24', '274ecf828aee3000317d3029fed6a7e88851285b0998f0ed618f0a8d772b073f', 1795904361335, 1795904361674);
INSERT INTO public.consent VALUES ('01a2243dd3e372758b8a638a92f19e7f', '01a2243dd377759daaec68dc6828e3b1', 'provide', 'T2', '示例二号园区', 'two@example.com', 'company,contact,phone,email,requirement', '2026-11-24', '274ecf828aee3000317d3029fed6a7e88851285b0998f0ed618f0a8d772b073f', 1795904361414, 1795904361674);
INSERT INTO public.consent VALUES ('01a2243dd55d738d9c6dd7c6ef0fd60a', '01a2243dd55c764b8df42b2d2d1579af', 'handle', 'luodi', '落地选址（示例运营方）', 'privacy@luodi.example.com', 'company,contact,phone,email,requirement', '2026-11-24', '274ecf828aee3000317d3029fed6a7e88851285b0998f0ed618f0a8d772b073f', 1795904361820, NULL);
INSERT INTO public.consent VALUES ('01a2243dd57271958ebd6130c1277dc3', '01a2243dd55c764b8df42b2d2d1579af', 'provide', 'T2', '示例二号园区', 'two@example.com', 'company,contact,phone,email,requirement', '2026-11-24', '274ecf828aee3000317d3029fed6a7e88851285b0998f0ed618f0a8d772b073f', 1795904361833, NULL);


--
-- Data for Name: idempotency; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.idempotency VALUES ('POST /api/v1/requirements', 'full', '00ab03569c25d99fd119f3681e17286cf5f706488fa36128254a7304371072b0', 201, '{"reference":"33c60dff1811a8c1692b5aa6feab1977","status_url":"http://127.0.0.1:18492/requirements/33c60dff1811a8c1692b5aa6feab1977","matches":{"version":"2026-11","counts":{"considered":5,"matched":0,"to_confirm":4,"near":1},"matched":[],"to_confirm":[{"listing":{"id":"P1","kind":"plot","name":"P1","park":"T2","region":"331081"},"score":735,"take_mu":25,"criteria":[{"criterion":"region","mode":"must","verdict":"met","need":["331081","330200"],"offer":"331081","points":112,"max_points":120},{"criterion":"industry","mode":"must","verdict":"met","need":["3441"],"offer":["34"],"points":78,"max_points":120},{"criterion":"banned_industry","mode":"must","verdict":"met","need":["3441"],"offer":null,"points":37,"max_points":40},{"criterion":"use","mode":"must","verdict":"met","need":"production","offer":"二类工业用地","points":75,"max_points":80},{"criterion":"land","mode":"must","verdict":"met","need":{"min":20,"max":40},"offer":25,"points":75,"max_points":100},{"criterion":"tax","mode":"must","verdict":"met","need":700,"offer":625,"points":56,"max_points":60},{"criterion":"investment","mode":"must","verdict":"unknown","need":9800.5,"offer":null,"points":16,"max_points":60},{"criterion":"output","mode":"must","verdict":"met","need":16000,"offer":12500,"points":37,"max_points":40},{"criterion":"price","mode":"prefer","verdict":"met","need":40,"offer":28,"points":67,"max_points":100},{"criterion":"tenure","mode":"must","verdict":"met","need":"buy","offer":["buy"],"points":56,"max_points":60},{"criterion":"power","mode":"must","verdict":"unknown","need":630,"offer":null,"points":11,"max_points":40},{"criterion":"near","mode":"prefer","verdict":"unknown","need":80,"offer":null,"points":22,"max_points":80},{"criterion":"level","mode":"must","verdict":"met","need":["国家级","省级"],"offer":"国家级","points":37,"max_points":40},{"criterion":"available","mode":"must","verdict":"met","need":"2027-12-31","offer":"available","points":56,"max_points":60}]},{"listing":{"id":"T1","kind":"park","name":"示例一号园区","park":"T1","region":"330206"},"score":318,"criteria":[{"criterion":"region","mode":"must","verdict":"met","need":["331081","330200"],"offer":"330206","points":112,"max_points":120},{"criterion":"banned_industry","mode":"must","verdict":"met","need":["3441"],"offer":null,"points":37,"max_points":40},{"criterion":"land","mode":"must","verdict":"met","need":{"min":20,"max":40},"offer":300,"points":94,"max_points":100},{"criterion":"near","mode":"prefer","verdict":"unknown","need":80,"offer":null,"points":22,"max_points":80},{"criterion":"level","mode":"must","verdict":"met","need":["国家级","省级"],"offer":"省级","points":37,"max_points":40},{"criterion":"available","mode":"must","verdict":"unknown","need":"2027-12-31","offer":null,"points":16,"max_points":60}]},{"listing":{"id":"T2","kind":"park","name":"示例二号园区","park":"T2","region":"331081"},"score":318,"criteria":[{"criterion":"region","mode":"must","verdict":"met","need":["331081","330200"],"offer":"331081","points":112,"max_points":120},{"criterion":"banned_industry","mode":"must","verdict":"met","need":["3441"],"offer":null,"points":37,"max_points":40},{"criterion":"land","mode":"must","verdict":"met","need":{"min":20,"max":40},"offer":120,"points":94,"max_points":100},{"criterion":"near","mode":"prefer","verdict":"unknown","need":80,"offer":null,"points":22,"max_points":80},{"criterion":"level","mode":"must","verdict":"met","need":["国家级","省级"],"offer":"国家级","points":37,"max_points":40},{"criterion":"available","mode":"must","verdict":"unknown","need":"2027-12-31","offer":null,"points":16,"max_points":60}]},{"listing":{"id":"T3","kind":"park","name":"示例三号园区","park":"T3","region":"331081"},"score":318,"criteria":[{"criterion":"region","mode":"must","verdict":"met","need":["331081","330200"],"offer":"331081","points":112,"max_points":120},{"criterion":"banned_industry","mode":"must","verdict":"met","need":["3441"],"offer":null,"points":37,"max_points":40},{"criterion":"land","mode":"must","verdict":"met","need":{"min":20,"max":40},"offer":90,"points":94,"max_points":100},{"criterion":"near","mode":"prefer","verdict":"unknown","need":80,"offer":null,"points":22,"max_points":80},{"criterion":"level","mode":"must","verdict":"met","need":["国家级","省级"],"offer":"省级","points":37,"max_points":40},{"criterion":"available","mode":"must","verdict":"unknown","need":"2027-12-31","offer":null,"points":16,"max_points":60}]}],"near":[{"listing":{"id":"P2","kind":"plot","name":"P2","park":"T1","region":"330206"},"score":633,"take_mu":30,"criteria":[{"criterion":"region","mode":"must","verdict":"met","need":["331081","330200"],"offer":"330206","points":112,"max_points":120},{"criterion":"industry","mode":"must","verdict":"unknown","need":["3441"],"offer":null,"points":33,"max_points":120},{"criterion":"banned_industry","mode":"must","verdict":"met","need":["3441"],"offer":null,"points":37,"max_points":40},{"criterion":"use","mode":"must","verdict":"met","need":"production","offer":"二类工业用地","points":75,"max_points":80},{"criterion":"land","mode":"must","verdict":"met","need":{"min":20,"max":40},"offer":30,"points":94,"max_points":100},{"criterion":"tax","mode":"must","verdict":"short","need":700,"offer":900,"gap":200,"unit":"wan/year","points":17,"max_points":60},{"criterion":"investment","mode":"must","verdict":"unknown","need":9800.5,"offer":null,"points":16,"max_points":60},{"criterion":"output","mode":"must","verdict":"unknown","need":16000,"offer":null,"points":11,"max_points":40},{"criterion":"price","mode":"prefer","verdict":"met","need":40,"offer":40,"points":56,"max_points":100},{"criterion":"tenure","mode":"must","verdict":"met","need":"buy","offer":["buy"],"points":56,"max_points":60},{"criterion":"power","mode":"must","verdict":"unknown","need":630,"offer":null,"points":11,"max_points":40},{"criterion":"near","mode":"prefer","verdict":"unknown","need":80,"offer":null,"points":22,"max_points":80},{"criterion":"level","mode":"must","verdict":"met","need":["国家级","省级"],"offer":"省级","points":37,"max_points":40},{"criterion":"available","mode":"must","verdict":"met","need":"2027-12-31","offer":"available","points":56,"max_points":60}]}],"relaxations":[{"criterion":"tax","unit":"wan/year","steps":[{"change":200,"opens":1}]}]}}', 1795904360879);
INSERT INTO public.idempotency VALUES ('POST /api/v1/requirements/33c60dff1811a8c1692b5aa6feab1977/inquiries', 'full-1', '73e6812295d096274194143040a286f6cc92eb5d2dc1ceff98811246d9139624', 201, '{"inquiries":[{"number":"LD20261129-J8CHSEF1","listing":"P1","kind":"plot","park":"T2","park_name":"示例二号园区","state":"queued"},{"number":"LD20261129-8GH4H628","listing":"P2","kind":"plot","park":"T1","park_name":"示例一号园区","state":"queued"}]}', 1795904360994);
INSERT INTO public.idempotency VALUES ('POST /api/v1/requirements', 'open', 'e0ec2f33d3ddfb1cdc64a2c0ffd178b555fd0e350c3d24c61d93b2ccc289361f', 201, '{"reference":"0d22c990fa5c08ba655b05b8cbcb106b","status_url":"http://127.0.0.1:18492/requirements/0d22c990fa5c08ba655b05b8cbcb106b","matches":{"version":"2026-11","counts":{"considered":7,"matched":5,"to_confirm":0,"near":2},"matched":[{"listing":{"id":"S1","kind":"space","name":"示例大厦A座5层","park":"T1","region":"330206"},"score":0,"criteria":[]},{"listing":{"id":"S2","kind":"space","name":"示例标准厂房B1栋","park":"T2","region":"331081"},"score":0,"criteria":[]},{"listing":{"id":"T1","kind":"park","name":"示例一号园区","park":"T1","region":"330206"},"score":0,"criteria":[]},{"listing":{"id":"T2","kind":"park","name":"示例二号园区","park":"T2","region":"331081"},"score":0,"criteria":[]},{"listing":{"id":"T3","kind":"park","name":"示例三号园区","park":"T3","region":"331081"},"score":0,"criteria":[]}],"to_confirm":[],"near":[{"listing":{"id":"P1","kind":"plot","name":"P1","park":"T2","region":"331081"},"score":0,"take_mu":25,"criteria":[{"criterion":"industry","mode":"must","verdict":"unstated","need":null,"offer":["34"],"points":0,"max_points":120},{"criterion":"tax","mode":"must","verdict":"short","need":0.5,"offer":625,"gap":624.5,"unit":"wan/year","points":0,"max_points":60},{"criterion":"output","mode":"must","verdict":"unstated","need":null,"offer":12500,"points":0,"max_points":40}]},{"listing":{"id":"P2","kind":"plot","name":"P2","park":"T1","region":"330206"},"score":0,"take_mu":30,"criteria":[{"criterion":"tax","mode":"must","verdict":"short","need":0.5,"offer":900,"gap":899.5,"unit":"wan/year","points":0,"max_points":60}]}],"relaxations":[{"criterion":"tax","unit":"wan/year","steps":[{"change":624.5,"opens":1},{"change":899.5,"opens":2}]}]}}', 1795904361151);
INSERT INTO public.idempotency VALUES ('POST /api/v1/requirements', 'space', 'd92ca52241ef21b347d49a313d1c54256537c19900e0204bf68446c8d1fbb20c', 201, '{"reference":"de0a160bda924529476dd177ae6fe339","status_url":"http://127.0.0.1:18492/requirements/de0a160bda924529476dd177ae6fe339","matches":{"version":"2026-11","counts":{"considered":2,"matched":1,"to_confirm":0,"near":0},"matched":[{"listing":{"id":"S1","kind":"space","name":"示例大厦A座5层","park":"T1","region":"330206"},"score":193,"criteria":[{"criterion":"use","mode":"must","verdict":"met","need":"office","offer":["office","research"],"points":75,"max_points":80},{"criterion":"floor","mode":"must","verdict":"met","need":{"max":900},"offer":{"max":800},"points":94,"max_points":100},{"criterion":"workstations","mode":"must","verdict":"met","need":40,"offer":100,"points":24,"max_points":30}]}],"to_confirm":[],"near":[],"relaxations":[]}}', 1795904361200);
INSERT INTO public.idempotency VALUES ('POST /api/v1/requirements/de0a160bda924529476dd177ae6fe339/inquiries', 'space-1', '732f296122e99a837c367bc9939f97c56d66c745e2f9048d0b588ec078cec4f8', 201, '{"inquiries":[{"number":"LD20261129-T9FBKHWC","listing":"S1","kind":"space","park":"T1","park_name":"示例一号园区","state":"queued"}]}', 1795904361262);
INSERT INTO public.idempotency VALUES ('POST /api/v1/requirements', 'withdrawn', '33970f7378cedeef5415aff3a17952e04fbe30e05d71627401e156dc36c7eeff', 201, '{"reference":"ba17500fd3bb28929ced321b829a9f55","status_url":"http://127.0.0.1:18492/requirements/ba17500fd3bb28929ced321b829a9f55","matches":{"version":"2026-11","counts":{"considered":5,"matched":3,"to_confirm":2,"near":0},"matched":[{"listing":{"id":"T1","kind":"park","name":"示例一号园区","park":"T1","region":"330206"},"score":94,"criteria":[{"criterion":"land","mode":"must","verdict":"met","need":{"min":10},"offer":300,"points":94,"max_points":100}]},{"listing":{"id":"T2","kind":"park","name":"示例二号园区","park":"T2","region":"331081"},"score":94,"criteria":[{"criterion":"land","mode":"must","verdict":"met","need":{"min":10},"offer":120,"points":94,"max_points":100}]},{"listing":{"id":"T3","kind":"park","name":"示例三号园区","park":"T3","region":"331081"},"score":94,"criteria":[{"criterion":"land","mode":"must","verdict":"met","need":{"min":10},"offer":90,"points":94,"max_points":100}]}],"to_confirm":[{"listing":{"id":"P1","kind":"plot","name":"P1","park":"T2","region":"331081"},"score":71,"take_mu":25,"criteria":[{"criterion":"industry","mode":"must","verdict":"unstated","need":null,"offer":["34"],"points":0,"max_points":120},{"criterion":"land","mode":"must","verdict":"met","need":{"min":10},"offer":25,"points":71,"max_points":100},{"criterion":"tax","mode":"must","verdict":"unstated","need":null,"offer":625,"points":0,"max_points":60},{"criterion":"output","mode":"must","verdict":"unstated","need":null,"offer":12500,"points":0,"max_points":40}]},{"listing":{"id":"P2","kind":"plot","name":"P2","park":"T1","region":"330206"},"score":68,"take_mu":30,"criteria":[{"criterion":"land","mode":"must","verdict":"met","need":{"min":10},"offer":30,"points":68,"max_points":100},{"criterion":"tax","mode":"must","verdict":"unstated","need":null,"offer":900,"points":0,"max_points":60}]}],"near":[],"relaxations":[]}}', 1795904361335);
INSERT INTO public.idempotency VALUES ('POST /api/v1/requirements/ba17500fd3bb28929ced321b829a9f55/inquiries', 'withdrawn-1', '4de33fa001b4e55b4a547cb49ab1a33b9c894d256218d4d75f56e143a0085c78', 201, '{"inquiries":[{"number":"LD20261129-75ZWXYGP","listing":"T2","kind":"park","park":"T2","park_name":"示例二号园区","state":"queued"}]}', 1795904361414);
INSERT INTO public.idempotency VALUES ('DELETE /api/v1/requirements/ba17500fd3bb28929ced321b829a9f55', 'withdrawn-2', '74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b', 204, '', 1795904361674);
INSERT INTO public.idempotency VALUES ('page requirement', '00000000000000000000000000000001', 'e14bc9ecc346eed708ca85edd0448fd23c2b90d0abac771481869e3a1f891db0', 201, '{"reference":"00f70ec27096c830eb1fe64c17542e06","status_url":"http://127.0.0.1:18492/requirements/00f70ec27096c830eb1fe64c17542e06","matches":{"version":"2026-11","counts":{"considered":5,"matched":3,"to_confirm":2,"near":0},"matched":[{"listing":{"id":"T1","kind":"park","name":"示例一号园区","park":"T1","region":"330206"},"score":94,"criteria":[{"criterion":"land","mode":"must","verdict":"met","need":{"min":5},"offer":300,"points":94,"max_points":100}]},{"listing":{"id":"T2","kind":"park","name":"示例二号园区","park":"T2","region":"331081"},"score":94,"criteria":[{"criterion":"land","mode":"must","verdict":"met","need":{"min":5},"offer":120,"points":94,"max_points":100}]},{"listing":{"id":"T3","kind":"park","name":"示例三号园区","park":"T3","region":"331081"},"score":94,"criteria":[{"criterion":"land","mode":"must","verdict":"met","need":{"min":5},"offer":90,"points":94,"max_points":100}]}],"to_confirm":[{"listing":{"id":"P1","kind":"plot","name":"P1","park":"T2","region":"331081"},"score":63,"take_mu":25,"criteria":[{"criterion":"industry","mode":"must","verdict":"unstated","need":null,"offer":["34"],"points":0,"max_points":120},{"criterion":"land","mode":"must","verdict":"met","need":{"min":5},"offer":25,"points":63,"max_points":100},{"criterion":"tax","mode":"must","verdict":"unstated","need":null,"offer":625,"points":0,"max_points":60},{"criterion":"output","mode":"must","verdict":"unstated","need":null,"offer":12500,"points":0,"max_points":40}]},{"listing":{"id":"P2","kind":"plot","name":"P2","park":"T1","region":"330206"},"score":62,"take_mu":30,"criteria":[{"criterion":"land","mode":"must","verdict":"met","need":{"min":5},"offer":30,"points":62,"max_points":100},{"criterion":"tax","mode":"must","verdict":"unstated","need":null,"offer":900,"points":0,"max_points":60}]}],"near":[],"relaxations":[]}}', 1795904361820);
INSERT INTO public.idempotency VALUES ('page inquiries 00f70ec27096c830eb1fe64c17542e06', '00000000000000000000000000000001', '1890477734abf6fb078c8c0c47a7f61abd9436be932ea960efd0ce36d62563de', 201, '{"inquiries":[{"number":"LD20261129-JQSW62SM","listing":"P1","kind":"plot","park":"T2","park_name":"示例二号园区","state":"queued"}]}', 1795904361833);


--
-- Data for Name: inquiry; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.inquiry VALUES ('01a2243dd224747f844518c271eb7236', 'LD20261129-J8CHSEF1', '01a2243dd1af71b99c8d62c9d580058a', 'plot', 'P1', 'P1', 'T2', 'sent', 1795904360994, 1795904361112);
INSERT INTO public.inquiry VALUES ('01a2243dd23b75f78793efd5cc00b8b4', 'LD20261129-8GH4H628', '01a2243dd1af71b99c8d62c9d580058a', 'plot', 'P2', 'P2', 'T1', 'sent', 1795904360994, 1795904361111);
INSERT INTO public.inquiry VALUES ('01a2243dd336740cbd7988a2f3c4a551', 'LD20261129-T9FBKHWC', '01a2243dd2f075c3bda64934039c651f', 'space', 'S1', '示例大厦A座5层', 'T1', 'sent', 1795904361262, 1795904361333);
INSERT INTO public.inquiry VALUES ('01a2243dd3c774f9979d5b3f9f2a197e', 'LD20261129-75ZWXYGP', '01a2243dd377759daaec68dc6828e3b1', 'park', 'T2', '示例二号园区', 'T2', 'sent', 1795904361414, 1795904361476);
INSERT INTO public.inquiry VALUES ('01a2243dd56a744d8969127dda2544db', 'LD20261129-JQSW62SM', '01a2243dd55c764b8df42b2d2d1579af', 'plot', 'P1', 'P1', 'T2', 'queued', 1795904361833, 1795904361833);


--
-- Data for Name: lead; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.lead VALUES ('01a2243dd23b75f78793efd66e02bb45', '01a2243dd23b75f78793efd5cc00b8b4', 'T1', 'registered', NULL, 1, 1795904360994, 1795904360994, 1795990760994, NULL, false);
INSERT INTO public.lead VALUES ('01a2243dd336740cbd7988a333da0619', '01a2243dd336740cbd7988a2f3c4a551', 'T1', 'registered', NULL, 1, 1795904361262, 1795904361262, 1795990761262, NULL, false);
INSERT INTO public.lead VALUES ('01a2243dd3c774f9979d5b40857b4fa0', '01a2243dd3c774f9979d5b3f9f2a197e', 'T2', 'registered', NULL, 1, 1795904361414, 1795904361414, 1795990761414, NULL, true);
INSERT INTO public.lead VALUES ('01a2243dd56a744d8969127e48b0ea76', '01a2243dd56a744d8969127dda2544db', 'T2', 'registered', NULL, 1, 1795904361833, 1795904361833, 1795990761833, NULL, true);
INSERT INTO public.lead VALUES ('01a2243dd224747f844518c3f2f53498', '01a2243dd224747f844518c271eb7236', 'T2', 'shelved', '01a2243dda7c768e8d01a41d7668376c', 3, 1795904360994, 1795904363751, 1797113963751, 1795904363711, false);


--
-- Data for Name: lead_event; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.lead_event VALUES ('01a2243dd25377aba0320fee7517890a', '01a2243dd224747f844518c3f2f53498', 1795904360994, NULL, 'received', NULL, 'registered', '');
INSERT INTO public.lead_event VALUES ('01a2243dd25377aba0320fefcd80171b', '01a2243dd23b75f78793efd66e02bb45', 1795904360994, NULL, 'received', NULL, 'registered', '');
INSERT INTO public.lead_event VALUES ('01a2243dd34077f69f93aa42db93a8ae', '01a2243dd336740cbd7988a333da0619', 1795904361262, NULL, 'received', NULL, 'registered', '');
INSERT INTO public.lead_event VALUES ('01a2243dd3e372758b8a638b0844c0cd', '01a2243dd3c774f9979d5b40857b4fa0', 1795904361414, NULL, 'received', NULL, 'registered', '');
INSERT INTO public.lead_event VALUES ('01a2243dd57271958ebd6131ef424ee8', '01a2243dd56a744d8969127e48b0ea76', 1795904361833, NULL, 'received', NULL, 'registered', '');
INSERT INTO public.lead_event VALUES ('01a2243ddc867191969d5d7d95351021', '01a2243dd224747f844518c3f2f53498', 1795904363651, '01a2243dda7c768e8d01a41d7668376c', 'reveal', NULL, NULL, '');
INSERT INTO public.lead_event VALUES ('01a2243ddcc0777c9317284126bfb4cf', '01a2243dd224747f844518c3f2f53498', 1795904363711, '01a2243dda7c768e8d01a41d7668376c', 'stage', 'registered', 'contacted', '已电话联系');
INSERT INTO public.lead_event VALUES ('01a2243ddce870cc9080e5e6de218d2a', '01a2243dd224747f844518c3f2f53498', 1795904363751, '01a2243dda7c768e8d01a41d7668376c', 'stage', 'contacted', 'shelved', '企业暂缓');


--
-- Data for Name: listing; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.listing VALUES ('park', 'T1', '示例一号园区', NULL, '{"kind":"park","cells":{"available_land_mu":"300","city":"宁波市","code":"T1","county":"北仑区","demo":"yes","inbox_email":"one@example.com","level":"省级","name":"示例一号园区","province":"浙江省"}}', true, 1795904359811, 1795904359811);
INSERT INTO public.listing VALUES ('park', 'T2', '示例二号园区', NULL, '{"kind":"park","cells":{"available_land_mu":"120","city":"台州市","code":"T2","county":"温岭市","inbox_email":"two@example.com","level":"国家级","name":"示例二号园区","province":"浙江省"}}', false, 1795904359811, 1795904359811);
INSERT INTO public.listing VALUES ('park', 'T3', '示例三号园区', NULL, '{"kind":"park","cells":{"available_land_mu":"90","city":"台州市","code":"T3","county":"温岭市","level":"省级","name":"示例三号园区","province":"浙江省"}}', false, 1795904359811, 1795904359811);
INSERT INTO public.listing VALUES ('plot', 'P1', '', 'T2', '{"kind":"plot","cells":{"area_mu":"25","city":"台州市","county":"温岭市","industry_code_gb4754":"34","land_use":"二类工业用地","output_wan_mu":"500","park_code":"T2","plot_no":"P1","province":"浙江省","start_price_wan":"700","status":"available","tax_wan_mu":"25"}}', false, 1795904359991, 1795904359991);
INSERT INTO public.listing VALUES ('plot', 'P2', '', 'T1', '{"kind":"plot","cells":{"area_mu":"30","city":"宁波市","county":"北仑区","land_use":"二类工业用地","park_code":"T1","plot_no":"P2","province":"浙江省","start_price_wan":"1200","status":"available","tax_wan_mu":"30"}}', false, 1795904359991, 1795904359991);
INSERT INTO public.listing VALUES ('plot', 'P3', '', 'T2', '{"kind":"plot","cells":{"area_mu":"25","city":"台州市","county":"温岭市","land_use":"二类工业用地","park_code":"T2","plot_no":"P3","province":"浙江省","status":"sold"}}', false, 1795904359991, 1795904359991);
INSERT INTO public.listing VALUES ('space', 'S1', '示例大厦A座5层', 'T1', '{"kind":"space","cells":{"available_m2":"800","city":"宁波市","county":"北仑区","kind":"office","name":"示例大厦A座5层","park_code":"T1","province":"浙江省","rent_yuan_m2_month":"42.5","space_no":"S1","status":"available","tenure":"lease","use":"office;research","workstations":"100"}}', false, 1795904360152, 1795904360152);
INSERT INTO public.listing VALUES ('space', 'S2', '示例标准厂房B1栋', 'T2', '{"kind":"space","cells":{"available_m2":"3000","city":"台州市","county":"温岭市","kind":"factory","name":"示例标准厂房B1栋","park_code":"T2","province":"浙江省","rent_yuan_m2_month":"15","space_no":"S2","status":"available","tenure":"lease","use":"production"}}', false, 1795904360152, 1795904360152);


--
-- Data for Name: listing_change; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.listing_change VALUES (1, 'park', 'T1', 1795904359811);
INSERT INTO public.listing_change VALUES (2, 'park', 'T2', 1795904359811);
INSERT INTO public.listing_change VALUES (3, 'park', 'T3', 1795904359811);
INSERT INTO public.listing_change VALUES (4, 'plot', 'P1', 1795904359991);
INSERT INTO public.listing_change VALUES (5, 'plot', 'P2', 1795904359991);
INSERT INTO public.listing_change VALUES (6, 'plot', 'P3', 1795904359991);
INSERT INTO public.listing_change VALUES (7, 'space', 'S1', 1795904360152);
INSERT INTO public.listing_change VALUES (8, 'space', 'S2', 1795904360152);
INSERT INTO public.listing_change VALUES (9, 'policy', 'ZC1', 1795904360379);
INSERT INTO public.listing_change VALUES (10, 'policy', 'ZC2', 1795904360379);


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.outbox VALUES ('01a2243dd1d7776396532a11e22783fc', 'receipt', '01a2243dd1af71b99c8d62c9d580058a', NULL, NULL, 'full@example.com', '01a2243dd1b07218acb77a28ecf55080@luodi.example.com', '\x446174653a205361742c203238204e6f7620323032362032323a31393a3230202b303030300d0a4d6573736167652d49443a203c3031613232343364643162303732313861636237376132386563663535303830406c756f64692e6578616d706c652e636f6d3e0d0a46726f6d3a203d3f7574662d383f623f364a4339355a79773659434a355a324149477831623252703f3d203c6e6f7265706c79406c756f64692e6578616d706c652e636f6d3e0d0a546f3a2066756c6c406578616d706c652e636f6d0d0a5375626a6563743a203d3f7574662d383f623f356265793570533235596977356f4b6f35357145365a794135724743494d4b333f3d20596f7572207265717565737420686173206265656e0d0a2072656365697665640d0a582d4c756f64692d4b696e643a20726563656970740d0a4175746f2d5375626d69747465643a206175746f2d67656e6572617465640d0a4d494d452d56657273696f6e3a20312e300d0a436f6e74656e742d547970653a206d756c7469706172742f616c7465726e61746976653b0d0a20626f756e646172793d224d37515256566e6e645872464b587443697670526d497750783054735265726d5a4c30476f495468220d0a0d0a2d2d4d37515256566e6e645872464b587443697670526d497750783054735265726d5a4c30476f4954680d0a436f6e74656e742d547970653a20746578742f706c61696e3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a206261736536340d0a0d0a356f4b6f356157393737796144516f4e437561496b655337724f57337375615574755749734f6143714f6561684f6d63674f617867754f416775574b6e756551687561446865574774654f410d0a67656939724f5336704f692f682b6561684f57627265574d75754f416765616670656563692b692f682b69426c4f657a752b6157756557386a2b6561684f6975734f57396c652b386a4f6d440d0a76655763714f5334692b6d646f756561684f6d6874656d646f756d486a4f2b386a4f53356e2b5750722b533770655763714f6d436f2b6d486a4f6153704f57626e752b386d67304b614852300d0a63446f764c7a45794e7934774c6a41754d546f784f4451354d6939795a58463161584a6c6257567564484d764d7a4e6a4e6a426b5a6d59784f4445785954686a4d5459354d6d4931595745320d0a5a6d5668596a45354e7a634e4367304b3561614335703663356f4b6f35724b683570794a356f2b51354c716b364c2b48365a7941357247433737794d364b2b3335622b393535576c357079730d0a36594b75354c75323434434344516f4e436930744c53304e4367304b534756736247387344516f4e436c646c49476868646d5567636d566a5a576c325a57516765573931636942795a5846310d0a5a584e304c694255614755676347466e5a5342695a5778766479427a614739336379427064484d6763484a765a334a6c63334d734948526f5a53427759584a7263794270644342335a5735300d0a49485276494746755a434233614738676147467a49484e6c5a573467655739316367304b593239756447466a6443426b5a5852686157787a4f794235623355675932467549474673633238670d0a64326c306147527959586367615851676447686c636d55364451706f644852774f6938764d5449334c6a41754d4334784f6a45344e446b794c334a6c63585670636d56745a5735306379387a0d0a4d324d324d47526d5a6a45344d5446684f474d784e6a6b79596a566859545a6d5a5746694d546b334e77304b4451704a5a694235623355675a476c6b494735766443427a64574a74615851670d0a595342795a5846315a584e304c43427762475668633255676157647562334a6c4948526f61584d676257567a6332466e5a53344e4367304b346f4355346f43554451726d6e4b7a706771376b0d0a7537626e6c4c486f6b4c336c6e4c446c7562506c6a37446f6836726c69716a6c6a35486c6837727676497a6f7237666b7549336f706f486e6d37546d6a71586c6d35376c7049336a674949670d0a56476870637942745a584e7a5957646c494864686379427a5a5735304947463164473974595852705932467362486b37494842735a57467a5a53426b6279427562335167636d567762486b750d0a2d2d4d37515256566e6e645872464b587443697670526d497750783054735265726d5a4c30476f4954680d0a436f6e74656e742d547970653a20746578742f68746d6c3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a2071756f7465642d7072696e7461626c650d0a0d0a3c21444f43545950452068746d6c3e0d0a3c68746d6c206c616e673d3344227a682d48616e73223e0d0a3c686561643e3c6d65746120636861727365743d3344227574662d38223e3c6d657461206e616d653d33442276696577706f72742220636f6e74656e743d33442277696474683d334464653d0d0a766963652d77696474682c20696e697469616c2d7363616c653d334431223e3c7469746c653e3d45353d42373d42323d45363d39343d42363d45353d38383d42303d45363d38323d41383d0d0a3d45373d39413d38343d45393d39433d38303d45363d42313d38323c2f7469746c653e3c2f686561643e0d0a3c626f6479207374796c653d3344226d617267696e3a303b70616464696e673a323470783b6261636b67726f756e643a236634663566323b636f6c6f723a233164323432303b666f6e742d3d0d0a66616d696c793a2d6170706c652d73797374656d2c2750696e6746616e67205343272c274d6963726f736f6674205961486569272c274e6f746f2053616e7320434a4b205343272c73616e3d0d0a732d73657269663b666f6e742d73697a653a313670783b6c696e652d6865696768743a312e37223e0d0a3c646976207374796c653d3344226d61782d77696474683a35363070783b6d617267696e3a30206175746f3b70616464696e673a323470783b6261636b67726f756e643a236666666666663d0d0a3b626f726465723a31707820736f6c696420236466653364633b626f726465722d7261646975733a367078223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38323d41383d45353d41353d42443d45463d42433d39413c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38383d39313d45343d42423d41433d45353d42373d42323d45363d39343d42363d45353d38383d42303d0d0a3d45363d38323d41383d45373d39413d38343d45393d39433d38303d45363d42313d38323d45333d38303d38323d45353d38413d39453d45373d39303d38363d45363d38333d38353d45353d0d0a3d38363d42353d45333d38303d38313d45383d42443d41433d45343d42413d41343d45383d42463d38373d45373d39413d38343d45353d39423d41443d45353d38433d42413d45333d38303d0d0a3d38313d45363d39463d41353d45373d39433d38423d45383d42463d38373d45383d38313d39343d45373d42333d42423d45363d39363d42393d45353d42433d38463d45373d39413d38343d0d0a3d45383d41453d42303d45353d42443d39353d45463d42433d38433d45393d38333d42443d45353d39433d41383d45343d42383d38423d45393d39443d41323d45373d39413d38343d45393d0d0a3d41313d42353d45393d39443d41323d45393d38373d38433d45463d42433d38433d45343d42393d39463d45353d38463d41463d45343d42423d41353d45353d39433d41383d45393d38323d0d0a3d41333d45393d38373d38433d45363d39323d41343d45353d39423d39453d45333d38303d38323c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b726571756972656d656e747326237832663b333363363064666631383131613863313639326235616136666561623139373722207374796c653d334422646973706c61793a696e6c3d0d0a696e652d626c6f636b3b70616464696e673a3130707820323070783b6261636b67726f756e643a233166366234613b636f6c6f723a236666666666663b746578742d6465636f726174696f3d0d0a6e3a6e6f6e653b626f726465722d7261646975733a347078223e3d45363d39463d41353d45373d39433d38423d45383d42463d39423d45353d42413d41363c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45353d41363d38323d45363d39453d39433d45363d38323d41383d45363d42323d41313d45363d39433d38393d0d0a3d45363d38463d39303d45343d42413d41343d45383d42463d38373d45393d39433d38303d45363d42313d38323d45463d42433d38433d45383d41463d42373d45353d42463d42443d45373d0d0a3d39353d41353d45363d39433d41433d45393d38323d41453d45343d42423d42363d45333d38303d38323c2f703e0d0a3c6872207374796c653d334422626f726465723a303b626f726465722d746f703a31707820736f6c696420236466653364633b6d617267696e3a323470782030223e0d0a3c646976206c616e673d334422656e223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e48656c6c6f2c3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e5765206861766520726563656976656420796f757220726571756573742e2049747320706167652073686f7773203d0d0a7468652070726f67726573732c20746865207061726b732069742077656e7420746f20616e642077686f20686173207365656e20796f757220636f6e746163742064657461696c733b20793d0d0a6f752063616e20616c736f2077697468647261772069742074686572652e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b726571756972656d656e747326237832663b333363363064666631383131613863313639326235616136666561623139373722207374796c653d334422636f6c6f723a23316636623d0d0a3461223e536565206974732070726f67726573733c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e496620796f7520646964206e6f74207375626d6974206120726571756573742c20706c656173652069676e6f72653d0d0a2074686973206d6573736167652e3c2f703e0d0a3c2f6469763e0d0a3c70207374796c653d3344226d617267696e3a303b636f6c6f723a233563363635663b666f6e742d73697a653a31347078223e3d45363d39433d41433d45393d38323d41453d45343d42423d0d0a3d42363d45373d39343d42313d45383d39303d42443d45353d39433d42303d45353d42393d42333d45353d38463d42303d45383d38373d41413d45353d38413d41383d45353d38463d39313d0d0a3d45353d38373d42413d45463d42433d38433d45383d41463d42373d45343d42383d38443d45383d41363d38313d45373d39423d42343d45363d38453d41353d45353d39423d39453d45353d0d0a3d41343d38443d45333d38303d38322054686973206d657373616765207761732073656e74206175746f6d61746963616c6c793b20706c6561736520646f206e6f74207265706c792e3c2f3d0d0a703e0d0a3c2f6469763e0d0a3c2f626f64793e0d0a3c2f68746d6c3e0d0a2d2d4d37515256566e6e645872464b587443697670526d497750783054735265726d5a4c30476f4954682d2d0d0a', 'sent', 1, 1795905020945, NULL, NULL, NULL, 1795904360879, 1795904360965);
INSERT INTO public.outbox VALUES ('01a2243dd25377aba0320ff2420eb000', 'inquiry', '01a2243dd1af71b99c8d62c9d580058a', '01a2243dd224747f844518c271eb7236', NULL, 'two@example.com', '01a2243dd23a75d59e7c2e3a7a8e985a@luodi.example.com', '\x446174653a205361742c203238204e6f7620323032362032323a31393a3231202b303030300d0a4d6573736167652d49443a203c3031613232343364643233613735643539653763326533613761386539383561406c756f64692e6578616d706c652e636f6d3e0d0a46726f6d3a203d3f7574662d383f623f364a4339355a79773659434a355a324149477831623252703f3d203c6e6f7265706c79406c756f64692e6578616d706c652e636f6d3e0d0a546f3a2074776f406578616d706c652e636f6d0d0a5375626a6563743a205b4c4432303236313132392d4a384348534546315d203d3f7574662d383f623f35706177364b2b6935357559373779615544453d3f3d0d0a582d4c756f64692d4b696e643a20696e71756972790d0a582d4c756f64692d496e71756972793a204c4432303236313132392d4a384348534546310d0a4175746f2d5375626d69747465643a206175746f2d67656e6572617465640d0a4d494d452d56657273696f6e3a20312e300d0a436f6e74656e742d547970653a206d756c7469706172742f616c7465726e61746976653b0d0a20626f756e646172793d225073537a51304a5362567649477978554977465a55656c316a50765549497131466558706c487874220d0a0d0a2d2d5073537a51304a5362567649477978554977465a55656c316a50765549497131466558706c4878740d0a436f6e74656e742d547970653a20746578742f706c61696e3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a206261736536340d0a0d0a356f4b6f356157393737796144516f4e4375616369655338676553346d75577773654f416a4641783434434e356f2b51355965363535536f355a79773535536f356f692f365a7941357247430d0a3737794d35626d32355a434d356f5350356f714b365a794135724743364c32733537755a364c5331355a7574355979363434434344516f4e437569766f7565626d4f65386c755750742b2b380d0a6d6b78454d6a41794e6a45784d6a6b74536a684453464e46526a454e43755338676553346d7557516a65656e734f2b386d75656b7575532b692b5338676553346d6d5a316247774e437569420d0a6c4f657a752b6555746569766e652b386d6a457a4f436f714b696f344d4441774451726f7662336b765a506e7362766c6e6f7676764a726c6e4c446c6e5a666a6749486c6d36336c6a4c6f4e0d0a43756555714f6d416c4f2b386d7565556e2b53367077304b364b474d354c69613737796135724f3135592b4b3535796635366d36364b362b356153483559693236594367373779494d7a51300d0a4d652b386951304b3535536f355a7977373779614d6a4469674a4d304d43446b75716b4e43755735744f656f6a75615574752b386d6a63774d43446b7549666c68594d7635626d304451726c0d0a6d37726c7270726f7459546b7571666d6970586f74595476764a6f354c4467774d433431494f5334682b57466777304b35626d30354c716e35594338373779614d533432494f5336762b57460d0a67792f6c7562514e4375656e6e2b575572756157756557386a2b2b386d756930726553357341304b3570794136617559355a7977354c7533373779614e444167354c6948355957444c2b53360d0a7151304b3535536f35355331373779614e6a4d77494774575151304b356f5350355a4352355a797735597936373779613572697035624b7435626943343443423561364235724f69356269430d0a445172706e61446f76354876764a726f74353376764967784d6a45754e4377674d6a67754e4f2b38696553346a6569326865692f687941344d43446c68617a706834774e437557627265574d0d0a75756536702b5749712b2b386d7557627665577574756536702b4f4167656563676565367077304b35707941364c2b6635592b763535536f373779614d6a41794e2b573574444579357079490d0a4d7a486d6c36554e4375614f6b756d5a704f5763734f574d75752b386d756164726557336e7557346767304b36614737355a796f355979573562656c355a75743559793637377961355a436d0d0a4451726c6a36726b765a7a6b764a6a6c68596a6e6d6f546d6e61486b75376276764a726b7537666d6f4c7a6a6749486f7435336e7072734e4367304b3561364d357057303649475535374f370d0a3570613535627950354c694f355979353659574e356f4f4635596131364b2b3335356d3735623256356f7562355a5747355a434f35592b7735702b6c3535794c3737794d35702b6c3535794c0d0a354c79613535575a354c694c364b367735623256373779614451706f644852774f6938764d5449334c6a41754d4334784f6a45344e446b794c334e3059575a6d4c32786c5957527a4c7a41780d0a595449794e444e6b5a4449794e4463304e3259344e4451314d54686a4d3259795a6a557a4e446b3444516f4e43756976742b576371434178494f576b71655747686569426c4f657a752b53380d0a676553346d754f416767304b44517269674a5469674a514e43756163724f6d4372755337747565557365695176655763734f5735732b5750734f69487175574b714f57506b65574875752b380d0a6a4f6976742b53346a65696d67656562744f614f706557626e75576b6a654f4167673d3d0d0a2d2d5073537a51304a5362567649477978554977465a55656c316a50765549497131466558706c4878740d0a436f6e74656e742d547970653a20746578742f68746d6c3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a2071756f7465642d7072696e7461626c650d0a0d0a3c21444f43545950452068746d6c3e0d0a3c68746d6c206c616e673d3344227a682d48616e73223e0d0a3c686561643e3c6d65746120636861727365743d3344227574662d38223e3c6d657461206e616d653d33442276696577706f72742220636f6e74656e743d33442277696474683d334464653d0d0a766963652d77696474682c20696e697469616c2d7363616c653d334431223e3c7469746c653e3d45363d39363d42303d45383d41463d41323d45373d39423d3938204c44323032363131323d0d0a392d4a384348534546313c2f7469746c653e3c2f686561643e0d0a3c626f6479207374796c653d3344226d617267696e3a303b70616464696e673a323470783b6261636b67726f756e643a236634663566323b636f6c6f723a233164323432303b666f6e742d3d0d0a66616d696c793a2d6170706c652d73797374656d2c2750696e6746616e67205343272c274d6963726f736f6674205961486569272c274e6f746f2053616e7320434a4b205343272c73616e3d0d0a732d73657269663b666f6e742d73697a653a313670783b6c696e652d6865696768743a312e37223e0d0a3c646976207374796c653d3344226d61782d77696474683a35363070783b6d617267696e3a30206175746f3b70616464696e673a323470783b6261636b67726f756e643a236666666666663d0d0a3b626f726465723a31707820736f6c696420236466653364633b626f726465722d7261646975733a367078223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38323d41383d45353d41353d42443d45463d42433d39413c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d39433d38393d45343d42433d38313d45343d42383d39413d45353d42303d42313d45333d38303d3843503d0d0a313d45333d38303d38443d45363d38463d39303d45353d38373d42413d45373d39343d41383d45353d39433d42303d45373d39343d41383d45363d38383d42463d45393d39433d38303d0d0a3d45363d42313d38323d45463d42433d38433d45353d42393d42363d45353d39303d38433d45363d38343d38463d45363d38413d38413d45393d39433d38303d45363d42313d38323d45383d0d0a3d42443d41433d45373d42423d39393d45383d42343d42353d45353d39423d41443d45353d38433d42413d45333d38303d38323c2f703e0d0a3c7461626c6520726f6c653d33442270726573656e746174696f6e22207374796c653d33442277696474683a313030253b626f726465722d636f6c6c617073653a636f6c6c617073653b6d3d0d0a617267696e3a3020302031367078223e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d33442277696474683a38656d3b746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70613d0d0a6464696e673a36707820313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d0d0a3d41463d41323d45373d39423d39383d45373d42433d39363d45353d38463d42373c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d613d0d0a6c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e4c4432303236313132392d4a384348534546313c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45343d42433d38313d45343d42383d0d0a3d39413d45353d39303d38443d45373d41373d42303c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45373d41343d42413d45343d42453d38423d45343d42433d38313d45343d42383d394166756c6c3c2f74643e3c2f743d0d0a723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d38313d39343d45373d42333d0d0a3d42423d45373d39343d42353d45383d41463d39443c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3133382a2a2a2a383030303c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d42443d42443d45343d42443d0d0a3d39333d45373d42313d42423d45353d39453d38423c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45353d39433d42303d45353d39443d39373d45333d38303d38313d45353d39423d41443d45353d38433d42413c2f743d0d0a643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45373d39343d41383d45393d38303d0d0a3d39343c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e3d45373d39343d39463d45343d42413d41373c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d41313d38433d45343d42383d0d0a3d39413c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e3d45363d42333d42353d45353d38463d38413d45373d39433d39463d45373d41393d42413d45383d41453d42453d45353d41343d38373d45353d38383d42363d45393d0d0a3d38303d41303d45463d42433d3838333434313d45463d42433d38393c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45373d39343d41383d45353d39433d0d0a3d42303c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e32303d45323d38303d39333430203d45343d42413d41393c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d42393d42343d45373d41383d0d0a3d38453d45363d39343d42363c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a313d0d0a707820736f6c69642023646665336463223e373030203d45343d42383d38373d45353d38353d383326237832663b3d45353d42393d42343c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d39423d42413d45353d41453d0d0a3d39413d45383d42353d38343d45343d42413d41373d45363d38413d39353d45383d42353d38343c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572743d0d0a6963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e392c3830302e35203d45343d42383d38373d45353d38353d38333c2f74643d0d0a3e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d42393d42343d45343d42413d0d0a3d41373d45353d38303d42433c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a313d0d0a707820736f6c69642023646665336463223e312e36203d45343d42413d42463d45353d38353d383326237832663b3d45353d42393d42343c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45373d41373d39463d45353d39343d0d0a3d41453d45363d39363d42393d45353d42433d38463c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45383d42343d41443d45343d42393d42303c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45363d39433d38303d45393d41423d0d0a3d39383d45353d39433d42303d45343d42423d42373c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3430203d45343d42383d38373d45353d38353d383326237832663b3d45343d42413d41393c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45373d39343d41383d45373d39343d0d0a3d42353c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e363330206b56413c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45363d38343d38463d45353d39303d0d0a3d39313d45353d39433d42303d45353d38433d42413c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45363d42383d41393d45353d42323d41443d45353d42383d38323d45333d38303d38313d45353d41453d38313d45363d0d0a3d42333d41323d45353d42383d38323c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45393d39443d41303d45383d42463d0d0a3d39313c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e3d45383d42373d39443d45463d42433d38383132312e342c2032382e343d45463d42433d38393d45343d42383d38443d45383d42363d38353d45383d42463d3837203d0d0a3830203d45353d38353d41433d45393d38373d38433c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d39423d41443d45353d38433d0d0a3d42413d45373d42413d41373d45353d38383d41423c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45353d39423d42443d45353d41453d42363d45373d42413d41373d45333d38303d38313d45373d39433d38313d45373d0d0a3d42413d41373c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45363d39433d38303d45383d42463d0d0a3d39463d45353d38463d41463d45373d39343d41383c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e323032373d45353d42393d423431323d45363d39433d383833313d45363d39373d41353c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45363d38453d39323d45393d39393d0d0a3d41343d45353d39433d42303d45353d38433d42413c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45363d39443d41443d45353d42373d39453d45353d42383d38323c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45393d41313d42423d45353d39433d0d0a3d41383d45353d38433d39363d45353d42373d41353d45353d39423d41443d45353d38433d42413c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572743d0d0a6963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d39303d41363c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d38463d41413d45343d42443d0d0a3d39433d45343d42433d39383d45353d38353d38383d45373d39413d38343d45363d39443d41313d45343d42423d42363c2f74683e3c7464207374796c653d33442270616464696e673a363d0d0a707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45343d42423d42373d45363d41303d42433d45333d0d0a3d38303d38313d45383d42373d39443d45373d41363d42423c2f74643e3c2f74723e0d0a3c2f7461626c653e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b737461666626237832663b6c6561647326237832663b303161323234336464323234373437663834343531386333663266353334393822207374796c653d334422646973706c61793d0d0a3a696e6c696e652d626c6f636b3b70616464696e673a3130707820323070783b6261636b67726f756e643a233166366234613b636f6c6f723a236666666666663b746578742d6465636f723d0d0a6174696f6e3a6e6f6e653b626f726465722d7261646975733a347078223e3d45373d39393d42423d45353d42443d39353d45363d38423d39423d45353d39353d38363d45353d39303d38453d0d0a3d45353d38463d42303d45363d39463d41353d45373d39433d38423c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45353d41453d38433d45363d39353d42343d45383d38313d39343d45373d42333d42423d45363d39363d42393d0d0a3d45353d42433d38463d45343d42383d38453d45353d38433d42393d45393d38353d38443d45363d38333d38353d45353d38363d42353d45373d39393d42423d45353d42443d39353d45353d0d0a3d39303d38453d45353d38463d41463d45383d41373d38313d45463d42433d38433d45363d39463d41353d45373d39433d38423d45343d42433d39413d45373d39353d39393d45343d42383d0d0a3d38423d45383d41453d42303d45353d42443d39353d45333d38303d38323d45383d41463d42373d45353d39433d41382031203d45353d41343d41393d45353d38363d38353d45383d38313d0d0a3d39343d45373d42333d42423d45343d42433d38313d45343d42383d39413d45333d38303d38323c2f703e0d0a3c70207374796c653d3344226d617267696e3a303b636f6c6f723a233563363635663b666f6e742d73697a653a31347078223e3d45363d39433d41433d45393d38323d41453d45343d42423d0d0a3d42363d45373d39343d42313d45383d39303d42443d45353d39433d42303d45353d42393d42333d45353d38463d42303d45383d38373d41413d45353d38413d41383d45353d38463d39313d0d0a3d45353d38373d42413d45463d42433d38433d45383d41463d42373d45343d42383d38443d45383d41363d38313d45373d39423d42343d45363d38453d41353d45353d39423d39453d45353d0d0a3d41343d38443d45333d38303d38323c2f703e0d0a3c2f6469763e0d0a3c2f626f64793e0d0a3c2f68746d6c3e0d0a2d2d5073537a51304a5362567649477978554977465a55656c316a50765549497131466558706c4878742d2d0d0a', 'sent', 1, 1795905021066, NULL, NULL, NULL, 1795904360994, 1795904361112);
INSERT INTO public.outbox VALUES ('01a2243dd2c2757caba6e6ad7c84ac42', 'receipt', '01a2243dd2bf73a680eebd83fccb80b0', NULL, NULL, 'open@example.com', '01a2243dd2bf73a680eebd845c1a0014@luodi.example.com', '\x446174653a205361742c203238204e6f7620323032362032323a31393a3231202b303030300d0a4d6573736167652d49443a203c3031613232343364643262663733613638306565626438343563316130303134406c756f64692e6578616d706c652e636f6d3e0d0a46726f6d3a203d3f7574662d383f623f364a4339355a79773659434a355a324149477831623252703f3d203c6e6f7265706c79406c756f64692e6578616d706c652e636f6d3e0d0a546f3a206f70656e406578616d706c652e636f6d0d0a5375626a6563743a203d3f7574662d383f623f356265793570533235596977356f4b6f35357145365a794135724743494d4b333f3d20596f7572207265717565737420686173206265656e0d0a2072656365697665640d0a582d4c756f64692d4b696e643a20726563656970740d0a4175746f2d5375626d69747465643a206175746f2d67656e6572617465640d0a4d494d452d56657273696f6e3a20312e300d0a436f6e74656e742d547970653a206d756c7469706172742f616c7465726e61746976653b0d0a20626f756e646172793d224353493639634f44776438587759765437556f51503133564a564371585950326431773158796332220d0a0d0a2d2d4353493639634f44776438587759765437556f51503133564a5643715859503264317731587963320d0a436f6e74656e742d547970653a20746578742f706c61696e3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a206261736536340d0a0d0a356f4b6f356157393737796144516f4e437561496b655337724f57337375615574755749734f6143714f6561684f6d63674f617867754f416775574b6e756551687561446865574774654f410d0a67656939724f5336704f692f682b6561684f57627265574d75754f416765616670656563692b692f682b69426c4f657a752b6157756557386a2b6561684f6975734f57396c652b386a4f6d440d0a76655763714f5334692b6d646f756561684f6d6874656d646f756d486a4f2b386a4f53356e2b5750722b533770655763714f6d436f2b6d486a4f6153704f57626e752b386d67304b614852300d0a63446f764c7a45794e7934774c6a41754d546f784f4451354d6939795a58463161584a6c6257567564484d764d4751794d6d4d354f54426d5954566a4d446869595459314e5749774e5749340d0a59324a6a596a45774e6d494e4367304b3561614335703663356f4b6f35724b683570794a356f2b51354c716b364c2b48365a7941357247433737794d364b2b3335622b393535576c357079730d0a36594b75354c75323434434344516f4e436930744c53304e4367304b534756736247387344516f4e436c646c49476868646d5567636d566a5a576c325a57516765573931636942795a5846310d0a5a584e304c694255614755676347466e5a5342695a5778766479427a614739336379427064484d6763484a765a334a6c63334d734948526f5a53427759584a7263794270644342335a5735300d0a49485276494746755a434233614738676147467a49484e6c5a573467655739316367304b593239756447466a6443426b5a5852686157787a4f794235623355675932467549474673633238670d0a64326c306147527959586367615851676447686c636d55364451706f644852774f6938764d5449334c6a41754d4334784f6a45344e446b794c334a6c63585670636d56745a573530637938770d0a5a444979597a6b354d475a684e574d774f474a684e6a5531596a4131596a686a596d4e694d5441325967304b4451704a5a694235623355675a476c6b494735766443427a64574a74615851670d0a595342795a5846315a584e304c43427762475668633255676157647562334a6c4948526f61584d676257567a6332466e5a53344e4367304b346f4355346f43554451726d6e4b7a706771376b0d0a7537626e6c4c486f6b4c336c6e4c446c7562506c6a37446f6836726c69716a6c6a35486c6837727676497a6f7237666b7549336f706f486e6d37546d6a71586c6d35376c7049336a674949670d0a56476870637942745a584e7a5957646c494864686379427a5a5735304947463164473974595852705932467362486b37494842735a57467a5a53426b6279427562335167636d567762486b750d0a2d2d4353493639634f44776438587759765437556f51503133564a5643715859503264317731587963320d0a436f6e74656e742d547970653a20746578742f68746d6c3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a2071756f7465642d7072696e7461626c650d0a0d0a3c21444f43545950452068746d6c3e0d0a3c68746d6c206c616e673d3344227a682d48616e73223e0d0a3c686561643e3c6d65746120636861727365743d3344227574662d38223e3c6d657461206e616d653d33442276696577706f72742220636f6e74656e743d33442277696474683d334464653d0d0a766963652d77696474682c20696e697469616c2d7363616c653d334431223e3c7469746c653e3d45353d42373d42323d45363d39343d42363d45353d38383d42303d45363d38323d41383d0d0a3d45373d39413d38343d45393d39433d38303d45363d42313d38323c2f7469746c653e3c2f686561643e0d0a3c626f6479207374796c653d3344226d617267696e3a303b70616464696e673a323470783b6261636b67726f756e643a236634663566323b636f6c6f723a233164323432303b666f6e742d3d0d0a66616d696c793a2d6170706c652d73797374656d2c2750696e6746616e67205343272c274d6963726f736f6674205961486569272c274e6f746f2053616e7320434a4b205343272c73616e3d0d0a732d73657269663b666f6e742d73697a653a313670783b6c696e652d6865696768743a312e37223e0d0a3c646976207374796c653d3344226d61782d77696474683a35363070783b6d617267696e3a30206175746f3b70616464696e673a323470783b6261636b67726f756e643a236666666666663d0d0a3b626f726465723a31707820736f6c696420236466653364633b626f726465722d7261646975733a367078223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38323d41383d45353d41353d42443d45463d42433d39413c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38383d39313d45343d42423d41433d45353d42373d42323d45363d39343d42363d45353d38383d42303d0d0a3d45363d38323d41383d45373d39413d38343d45393d39433d38303d45363d42313d38323d45333d38303d38323d45353d38413d39453d45373d39303d38363d45363d38333d38353d45353d0d0a3d38363d42353d45333d38303d38313d45383d42443d41433d45343d42413d41343d45383d42463d38373d45373d39413d38343d45353d39423d41443d45353d38433d42413d45333d38303d0d0a3d38313d45363d39463d41353d45373d39433d38423d45383d42463d38373d45383d38313d39343d45373d42333d42423d45363d39363d42393d45353d42433d38463d45373d39413d38343d0d0a3d45383d41453d42303d45353d42443d39353d45463d42433d38433d45393d38333d42443d45353d39433d41383d45343d42383d38423d45393d39443d41323d45373d39413d38343d45393d0d0a3d41313d42353d45393d39443d41323d45393d38373d38433d45463d42433d38433d45343d42393d39463d45353d38463d41463d45343d42423d41353d45353d39433d41383d45393d38323d0d0a3d41333d45393d38373d38433d45363d39323d41343d45353d39423d39453d45333d38303d38323c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b726571756972656d656e747326237832663b306432326339393066613563303862613635356230356238636263623130366222207374796c653d334422646973706c61793a696e6c3d0d0a696e652d626c6f636b3b70616464696e673a3130707820323070783b6261636b67726f756e643a233166366234613b636f6c6f723a236666666666663b746578742d6465636f726174696f3d0d0a6e3a6e6f6e653b626f726465722d7261646975733a347078223e3d45363d39463d41353d45373d39433d38423d45383d42463d39423d45353d42413d41363c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45353d41363d38323d45363d39453d39433d45363d38323d41383d45363d42323d41313d45363d39433d38393d0d0a3d45363d38463d39303d45343d42413d41343d45383d42463d38373d45393d39433d38303d45363d42313d38323d45463d42433d38433d45383d41463d42373d45353d42463d42443d45373d0d0a3d39353d41353d45363d39433d41433d45393d38323d41453d45343d42423d42363d45333d38303d38323c2f703e0d0a3c6872207374796c653d334422626f726465723a303b626f726465722d746f703a31707820736f6c696420236466653364633b6d617267696e3a323470782030223e0d0a3c646976206c616e673d334422656e223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e48656c6c6f2c3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e5765206861766520726563656976656420796f757220726571756573742e2049747320706167652073686f7773203d0d0a7468652070726f67726573732c20746865207061726b732069742077656e7420746f20616e642077686f20686173207365656e20796f757220636f6e746163742064657461696c733b20793d0d0a6f752063616e20616c736f2077697468647261772069742074686572652e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b726571756972656d656e747326237832663b306432326339393066613563303862613635356230356238636263623130366222207374796c653d334422636f6c6f723a23316636623d0d0a3461223e536565206974732070726f67726573733c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e496620796f7520646964206e6f74207375626d6974206120726571756573742c20706c656173652069676e6f72653d0d0a2074686973206d6573736167652e3c2f703e0d0a3c2f6469763e0d0a3c70207374796c653d3344226d617267696e3a303b636f6c6f723a233563363635663b666f6e742d73697a653a31347078223e3d45363d39433d41433d45393d38323d41453d45343d42423d0d0a3d42363d45373d39343d42313d45383d39303d42443d45353d39433d42303d45353d42393d42333d45353d38463d42303d45383d38373d41413d45353d38413d41383d45353d38463d39313d0d0a3d45353d38373d42413d45463d42433d38433d45383d41463d42373d45343d42383d38443d45383d41363d38313d45373d39423d42343d45363d38453d41353d45353d39423d39453d45353d0d0a3d41343d38443d45333d38303d38322054686973206d657373616765207761732073656e74206175746f6d61746963616c6c793b20706c6561736520646f206e6f74207265706c792e3c2f3d0d0a703e0d0a3c2f6469763e0d0a3c2f626f64793e0d0a3c2f68746d6c3e0d0a2d2d4353493639634f44776438587759765437556f51503133564a5643715859503264317731587963322d2d0d0a', 'sent', 1, 1795905021160, NULL, NULL, NULL, 1795904361151, 1795904361198);
INSERT INTO public.outbox VALUES ('01a2243dd2f573408120ee5b66fa70ff', 'receipt', '01a2243dd2f075c3bda64934039c651f', NULL, NULL, 'space@example.com', '01a2243dd2f075c3bda64935cdf1c827@luodi.example.com', '\x446174653a205361742c203238204e6f7620323032362032323a31393a3231202b303030300d0a4d6573736167652d49443a203c3031613232343364643266303735633362646136343933356364663163383237406c756f64692e6578616d706c652e636f6d3e0d0a46726f6d3a203d3f7574662d383f623f364a4339355a79773659434a355a324149477831623252703f3d203c6e6f7265706c79406c756f64692e6578616d706c652e636f6d3e0d0a546f3a207370616365406578616d706c652e636f6d0d0a5375626a6563743a203d3f7574662d383f623f356265793570533235596977356f4b6f35357145365a794135724743494d4b333f3d20596f7572207265717565737420686173206265656e0d0a2072656365697665640d0a582d4c756f64692d4b696e643a20726563656970740d0a4175746f2d5375626d69747465643a206175746f2d67656e6572617465640d0a4d494d452d56657273696f6e3a20312e300d0a436f6e74656e742d547970653a206d756c7469706172742f616c7465726e61746976653b0d0a20626f756e646172793d22676576534c5068306e664a3052704c534551765838325a3250467732325170517063754b46636167220d0a0d0a2d2d676576534c5068306e664a3052704c534551765838325a3250467732325170517063754b466361670d0a436f6e74656e742d547970653a20746578742f706c61696e3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a206261736536340d0a0d0a356f4b6f356157393737796144516f4e437561496b655337724f57337375615574755749734f6143714f6561684f6d63674f617867754f416775574b6e756551687561446865574774654f410d0a67656939724f5336704f692f682b6561684f57627265574d75754f416765616670656563692b692f682b69426c4f657a752b6157756557386a2b6561684f6975734f57396c652b386a4f6d440d0a76655763714f5334692b6d646f756561684f6d6874656d646f756d486a4f2b386a4f53356e2b5750722b533770655763714f6d436f2b6d486a4f6153704f57626e752b386d67304b614852300d0a63446f764c7a45794e7934774c6a41754d546f784f4451354d6939795a58463161584a6c6257567564484d765a475577595445324d474a6b59546b794e4455794f5451334e6d526b4d5463330d0a595755325a6d557a4d7a6b4e4367304b3561614335703663356f4b6f35724b683570794a356f2b51354c716b364c2b48365a7941357247433737794d364b2b3335622b393535576c357079730d0a36594b75354c75323434434344516f4e436930744c53304e4367304b534756736247387344516f4e436c646c49476868646d5567636d566a5a576c325a57516765573931636942795a5846310d0a5a584e304c694255614755676347466e5a5342695a5778766479427a614739336379427064484d6763484a765a334a6c63334d734948526f5a53427759584a7263794270644342335a5735300d0a49485276494746755a434233614738676147467a49484e6c5a573467655739316367304b593239756447466a6443426b5a5852686157787a4f794235623355675932467549474673633238670d0a64326c306147527959586367615851676447686c636d55364451706f644852774f6938764d5449334c6a41754d4334784f6a45344e446b794c334a6c63585670636d56745a5735306379396b0d0a5a5442684d545977596d52684f5449304e5449354e4463325a4751784e7a64685a545a6d5a544d7a4f51304b4451704a5a694235623355675a476c6b494735766443427a64574a74615851670d0a595342795a5846315a584e304c43427762475668633255676157647562334a6c4948526f61584d676257567a6332466e5a53344e4367304b346f4355346f43554451726d6e4b7a706771376b0d0a7537626e6c4c486f6b4c336c6e4c446c7562506c6a37446f6836726c69716a6c6a35486c6837727676497a6f7237666b7549336f706f486e6d37546d6a71586c6d35376c7049336a674949670d0a56476870637942745a584e7a5957646c494864686379427a5a5735304947463164473974595852705932467362486b37494842735a57467a5a53426b6279427562335167636d567762486b750d0a2d2d676576534c5068306e664a3052704c534551765838325a3250467732325170517063754b466361670d0a436f6e74656e742d547970653a20746578742f68746d6c3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a2071756f7465642d7072696e7461626c650d0a0d0a3c21444f43545950452068746d6c3e0d0a3c68746d6c206c616e673d3344227a682d48616e73223e0d0a3c686561643e3c6d65746120636861727365743d3344227574662d38223e3c6d657461206e616d653d33442276696577706f72742220636f6e74656e743d33442277696474683d334464653d0d0a766963652d77696474682c20696e697469616c2d7363616c653d334431223e3c7469746c653e3d45353d42373d42323d45363d39343d42363d45353d38383d42303d45363d38323d41383d0d0a3d45373d39413d38343d45393d39433d38303d45363d42313d38323c2f7469746c653e3c2f686561643e0d0a3c626f6479207374796c653d3344226d617267696e3a303b70616464696e673a323470783b6261636b67726f756e643a236634663566323b636f6c6f723a233164323432303b666f6e742d3d0d0a66616d696c793a2d6170706c652d73797374656d2c2750696e6746616e67205343272c274d6963726f736f6674205961486569272c274e6f746f2053616e7320434a4b205343272c73616e3d0d0a732d73657269663b666f6e742d73697a653a313670783b6c696e652d6865696768743a312e37223e0d0a3c646976207374796c653d3344226d61782d77696474683a35363070783b6d617267696e3a30206175746f3b70616464696e673a323470783b6261636b67726f756e643a236666666666663d0d0a3b626f726465723a31707820736f6c696420236466653364633b626f726465722d7261646975733a367078223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38323d41383d45353d41353d42443d45463d42433d39413c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38383d39313d45343d42423d41433d45353d42373d42323d45363d39343d42363d45353d38383d42303d0d0a3d45363d38323d41383d45373d39413d38343d45393d39433d38303d45363d42313d38323d45333d38303d38323d45353d38413d39453d45373d39303d38363d45363d38333d38353d45353d0d0a3d38363d42353d45333d38303d38313d45383d42443d41433d45343d42413d41343d45383d42463d38373d45373d39413d38343d45353d39423d41443d45353d38433d42413d45333d38303d0d0a3d38313d45363d39463d41353d45373d39433d38423d45383d42463d38373d45383d38313d39343d45373d42333d42423d45363d39363d42393d45353d42433d38463d45373d39413d38343d0d0a3d45383d41453d42303d45353d42443d39353d45463d42433d38433d45393d38333d42443d45353d39433d41383d45343d42383d38423d45393d39443d41323d45373d39413d38343d45393d0d0a3d41313d42353d45393d39443d41323d45393d38373d38433d45463d42433d38433d45343d42393d39463d45353d38463d41463d45343d42423d41353d45353d39433d41383d45393d38323d0d0a3d41333d45393d38373d38433d45363d39323d41343d45353d39423d39453d45333d38303d38323c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b726571756972656d656e747326237832663b646530613136306264613932343532393437366464313737616536666533333922207374796c653d334422646973706c61793a696e6c3d0d0a696e652d626c6f636b3b70616464696e673a3130707820323070783b6261636b67726f756e643a233166366234613b636f6c6f723a236666666666663b746578742d6465636f726174696f3d0d0a6e3a6e6f6e653b626f726465722d7261646975733a347078223e3d45363d39463d41353d45373d39433d38423d45383d42463d39423d45353d42413d41363c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45353d41363d38323d45363d39453d39433d45363d38323d41383d45363d42323d41313d45363d39433d38393d0d0a3d45363d38463d39303d45343d42413d41343d45383d42463d38373d45393d39433d38303d45363d42313d38323d45463d42433d38433d45383d41463d42373d45353d42463d42443d45373d0d0a3d39353d41353d45363d39433d41433d45393d38323d41453d45343d42423d42363d45333d38303d38323c2f703e0d0a3c6872207374796c653d334422626f726465723a303b626f726465722d746f703a31707820736f6c696420236466653364633b6d617267696e3a323470782030223e0d0a3c646976206c616e673d334422656e223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e48656c6c6f2c3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e5765206861766520726563656976656420796f757220726571756573742e2049747320706167652073686f7773203d0d0a7468652070726f67726573732c20746865207061726b732069742077656e7420746f20616e642077686f20686173207365656e20796f757220636f6e746163742064657461696c733b20793d0d0a6f752063616e20616c736f2077697468647261772069742074686572652e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b726571756972656d656e747326237832663b646530613136306264613932343532393437366464313737616536666533333922207374796c653d334422636f6c6f723a23316636623d0d0a3461223e536565206974732070726f67726573733c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e496620796f7520646964206e6f74207375626d6974206120726571756573742c20706c656173652069676e6f72653d0d0a2074686973206d6573736167652e3c2f703e0d0a3c2f6469763e0d0a3c70207374796c653d3344226d617267696e3a303b636f6c6f723a233563363635663b666f6e742d73697a653a31347078223e3d45363d39433d41433d45393d38323d41453d45343d42423d0d0a3d42363d45373d39343d42313d45383d39303d42443d45353d39433d42303d45353d42393d42333d45353d38463d42303d45383d38373d41413d45353d38413d41383d45353d38463d39313d0d0a3d45353d38373d42413d45463d42433d38433d45383d41463d42373d45343d42383d38443d45383d41363d38313d45373d39423d42343d45363d38453d41353d45353d39423d39453d45353d0d0a3d41343d38443d45333d38303d38322054686973206d657373616765207761732073656e74206175746f6d61746963616c6c793b20706c6561736520646f206e6f74207265706c792e3c2f3d0d0a703e0d0a3c2f6469763e0d0a3c2f626f64793e0d0a3c2f68746d6c3e0d0a2d2d676576534c5068306e664a3052704c534551765838325a3250467732325170517063754b466361672d2d0d0a', 'sent', 1, 1795905021214, NULL, NULL, NULL, 1795904361200, 1795904361226);
INSERT INTO public.outbox VALUES ('01a2243dd34077f69f93aa44ea006030', 'inquiry', '01a2243dd2f075c3bda64934039c651f', '01a2243dd336740cbd7988a2f3c4a551', NULL, 'one@example.com', '01a2243dd33775a384d70a7ceec30e9c@luodi.example.com', '\x446174653a205361742c203238204e6f7620323032362032323a31393a3231202b303030300d0a4d6573736167652d49443a203c3031613232343364643333373735613338346437306137636565633330653963406c756f64692e6578616d706c652e636f6d3e0d0a46726f6d3a203d3f7574662d383f623f364a4339355a79773659434a355a324149477831623252703f3d203c6e6f7265706c79406c756f64692e6578616d706c652e636f6d3e0d0a546f3a206f6e65406578616d706c652e636f6d0d0a5375626a6563743a205b4c4432303236313132392d543946424b4857435d203d3f7574662d383f623f35706177364b2b69353575593737796135365336354c364c3561536e3559366d3f3d0d0a203d3f7574662d383f623f51655736707a586c7359493d3f3d0d0a582d4c756f64692d4b696e643a20696e71756972790d0a582d4c756f64692d496e71756972793a204c4432303236313132392d543946424b4857430d0a4175746f2d5375626d69747465643a206175746f2d67656e6572617465640d0a4d494d452d56657273696f6e3a20312e300d0a436f6e74656e742d547970653a206d756c7469706172742f616c7465726e61746976653b0d0a20626f756e646172793d22454375786a675a463874574975703948514a4f495970735669736e575a4b4e4474664d5468636e38220d0a0d0a2d2d454375786a675a463874574975703948514a4f495970735669736e575a4b4e4474664d5468636e380d0a436f6e74656e742d547970653a20746578742f706c61696e3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a206261736536340d0a0d0a356f4b6f356157393737796144516f4e4375616369655338676553346d75577773654f416a4f656b7575532b692b576b702b574f706b486c75716331356247433434434e356f2b51355965360d0a3535536f355a79773535536f356f692f365a7941357247433737794d35626d32355a434d356f5350356f714b365a794135724743364c32733537755a364c5331355a757435597936343443430d0a44516f4e437569766f7565626d4f65386c755750742b2b386d6b78454d6a41794e6a45784d6a6b7456446c47516b744956304d4e43755338676553346d7557516a65656e734f2b386d75656b0d0a7575532b692b5338676553346d6e4e7759574e6c4451726f675a546e7337766e6c4c586f72353376764a6f784d7a67714b696f714f4441774d67304b3535536f3659435537377961355971650d0a355957734451726e6c4b6a6d694c2f706e614c6e70362f76764a726b7549336f746f586f763463674f544177494f4f4f6f51304b3562656c354c324e373779614e444167354c69713562656c0d0a354c324e44516f4e437557756a4f6156744f69426c4f657a752b6157756557386a2b53346a75574d75656d466a6561446865574774656976742b655a752b57396c65614c6d2b5756687557510d0a6a755750734f616670656563692b2b386a4f616670656563692b53386d7565566d655334692b6975734f57396c652b386d67304b6148523063446f764c7a45794e7934774c6a41754d546f780d0a4f4451354d69397a6447466d5a6939735a57466b637938774d5745794d6a517a5a47517a4d7a59334e44426a596d51334f54673459544d7a4d3252684d4459784f51304b4451726f7237666c0d0a6e4b67674d53446c704b6e6c686f586f675a546e7337766b7649486b754a726a6749494e4367304b346f4355346f43554451726d6e4b7a706771376b7537626e6c4c486f6b4c336c6e4c446c0d0a7562506c6a37446f6836726c69716a6c6a35486c6837727676497a6f7237666b7549336f706f486e6d37546d6a71586c6d35376c7049336a6749493d0d0a2d2d454375786a675a463874574975703948514a4f495970735669736e575a4b4e4474664d5468636e380d0a436f6e74656e742d547970653a20746578742f68746d6c3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a2071756f7465642d7072696e7461626c650d0a0d0a3c21444f43545950452068746d6c3e0d0a3c68746d6c206c616e673d3344227a682d48616e73223e0d0a3c686561643e3c6d65746120636861727365743d3344227574662d38223e3c6d657461206e616d653d33442276696577706f72742220636f6e74656e743d33442277696474683d334464653d0d0a766963652d77696474682c20696e697469616c2d7363616c653d334431223e3c7469746c653e3d45363d39363d42303d45383d41463d41323d45373d39423d3938204c44323032363131323d0d0a392d543946424b4857433c2f7469746c653e3c2f686561643e0d0a3c626f6479207374796c653d3344226d617267696e3a303b70616464696e673a323470783b6261636b67726f756e643a236634663566323b636f6c6f723a233164323432303b666f6e742d3d0d0a66616d696c793a2d6170706c652d73797374656d2c2750696e6746616e67205343272c274d6963726f736f6674205961486569272c274e6f746f2053616e7320434a4b205343272c73616e3d0d0a732d73657269663b666f6e742d73697a653a313670783b6c696e652d6865696768743a312e37223e0d0a3c646976207374796c653d3344226d61782d77696474683a35363070783b6d617267696e3a30206175746f3b70616464696e673a323470783b6261636b67726f756e643a236666666666663d0d0a3b626f726465723a31707820736f6c696420236466653364633b626f726465722d7261646975733a367078223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38323d41383d45353d41353d42443d45463d42433d39413c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d39433d38393d45343d42433d38313d45343d42383d39413d45353d42303d42313d45333d38303d38433d0d0a3d45373d41343d42413d45343d42453d38423d45353d41343d41373d45353d38453d4136413d45353d42413d4137353d45353d42313d38323d45333d38303d38443d45363d38463d39303d0d0a3d45353d38373d42413d45373d39343d41383d45353d39433d42303d45373d39343d41383d45363d38383d42463d45393d39433d38303d45363d42313d38323d45463d42433d38433d45353d0d0a3d42393d42363d45353d39303d38433d45363d38343d38463d45363d38413d38413d45393d39433d38303d45363d42313d38323d45383d42443d41433d45373d42423d39393d45383d42343d0d0a3d42353d45353d39423d41443d45353d38433d42413d45333d38303d38323c2f703e0d0a3c7461626c6520726f6c653d33442270726573656e746174696f6e22207374796c653d33442277696474683a313030253b626f726465722d636f6c6c617073653a636f6c6c617073653b6d3d0d0a617267696e3a3020302031367078223e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d33442277696474683a38656d3b746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70613d0d0a6464696e673a36707820313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d0d0a3d41463d41323d45373d39423d39383d45373d42433d39363d45353d38463d42373c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d613d0d0a6c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e4c4432303236313132392d543946424b4857433c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45343d42433d38313d45343d42383d0d0a3d39413d45353d39303d38443d45373d41373d42303c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45373d41343d42413d45343d42453d38423d45343d42433d38313d45343d42383d394173706163653c2f74643e3c2f3d0d0a74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d38313d39343d45373d42333d0d0a3d42423d45373d39343d42353d45383d41463d39443c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3133382a2a2a2a383030323c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45373d39343d41383d45393d38303d0d0a3d39343c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e3d45353d38413d39453d45353d38353d41433c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45373d39343d41383d45363d38383d0d0a3d42463d45393d39443d41323d45373d41373d41463c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45343d42383d38443d45383d42363d38353d45383d42463d383720393030203d45333d38453d41313c2f74643e3c2f3d0d0a74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d42373d41353d45343d42443d0d0a3d38443c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e3430203d45343d42383d41413d45353d42373d41353d45343d42443d38443c2f74643e3c2f74723e0d0a3c2f7461626c653e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b737461666626237832663b6c6561647326237832663b303161323234336464333336373430636264373938386133333364613036313922207374796c653d334422646973706c61793d0d0a3a696e6c696e652d626c6f636b3b70616464696e673a3130707820323070783b6261636b67726f756e643a233166366234613b636f6c6f723a236666666666663b746578742d6465636f723d0d0a6174696f6e3a6e6f6e653b626f726465722d7261646975733a347078223e3d45373d39393d42423d45353d42443d39353d45363d38423d39423d45353d39353d38363d45353d39303d38453d0d0a3d45353d38463d42303d45363d39463d41353d45373d39433d38423c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45353d41453d38433d45363d39353d42343d45383d38313d39343d45373d42333d42423d45363d39363d42393d0d0a3d45353d42433d38463d45343d42383d38453d45353d38433d42393d45393d38353d38443d45363d38333d38353d45353d38363d42353d45373d39393d42423d45353d42443d39353d45353d0d0a3d39303d38453d45353d38463d41463d45383d41373d38313d45463d42433d38433d45363d39463d41353d45373d39433d38423d45343d42433d39413d45373d39353d39393d45343d42383d0d0a3d38423d45383d41453d42303d45353d42443d39353d45333d38303d38323d45383d41463d42373d45353d39433d41382031203d45353d41343d41393d45353d38363d38353d45383d38313d0d0a3d39343d45373d42333d42423d45343d42433d38313d45343d42383d39413d45333d38303d38323c2f703e0d0a3c70207374796c653d3344226d617267696e3a303b636f6c6f723a233563363635663b666f6e742d73697a653a31347078223e3d45363d39433d41433d45393d38323d41453d45343d42423d0d0a3d42363d45373d39343d42313d45383d39303d42443d45353d39433d42303d45353d42393d42333d45353d38463d42303d45383d38373d41413d45353d38413d41383d45353d38463d39313d0d0a3d45353d38373d42413d45463d42433d38433d45383d41463d42373d45343d42383d38443d45383d41363d38313d45373d39423d42343d45363d38453d41353d45353d39423d39453d45353d0d0a3d41343d38443d45333d38303d38323c2f703e0d0a3c2f6469763e0d0a3c2f626f64793e0d0a3c2f68746d6c3e0d0a2d2d454375786a675a463874574975703948514a4f495970735669736e575a4b4e4474664d5468636e382d2d0d0a', 'sent', 1, 1795905021294, NULL, NULL, NULL, 1795904361262, 1795904361333);
INSERT INTO public.outbox VALUES ('01a2243dd56075a8aa59167bf8b3562e', 'receipt', '01a2243dd55c764b8df42b2d2d1579af', NULL, NULL, 'suspected@example.com', '01a2243dd55c764b8df42b2e70900337@luodi.example.com', '\x446174653a205361742c203238204e6f7620323032362032323a31393a3231202b303030300d0a4d6573736167652d49443a203c3031613232343364643535633736346238646634326232653730393030333337406c756f64692e6578616d706c652e636f6d3e0d0a46726f6d3a203d3f7574662d383f623f364a4339355a79773659434a355a324149477831623252703f3d203c6e6f7265706c79406c756f64692e6578616d706c652e636f6d3e0d0a546f3a20737573706563746564406578616d706c652e636f6d0d0a5375626a6563743a203d3f7574662d383f623f356265793570533235596977356f4b6f35357145365a794135724743494d4b333f3d20596f7572207265717565737420686173206265656e0d0a2072656365697665640d0a582d4c756f64692d4b696e643a20726563656970740d0a4175746f2d5375626d69747465643a206175746f2d67656e6572617465640d0a4d494d452d56657273696f6e3a20312e300d0a436f6e74656e742d547970653a206d756c7469706172742f616c7465726e61746976653b0d0a20626f756e646172793d226d77664c656d55684d4b714c5564577154547a58474d553450374535686341396763686345533377220d0a0d0a2d2d6d77664c656d55684d4b714c5564577154547a58474d5534503745356863413967636863455333770d0a436f6e74656e742d547970653a20746578742f706c61696e3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a206261736536340d0a0d0a356f4b6f356157393737796144516f4e437561496b655337724f57337375615574755749734f6143714f6561684f6d63674f617867754f416775574b6e756551687561446865574774654f410d0a67656939724f5336704f692f682b6561684f57627265574d75754f416765616670656563692b692f682b69426c4f657a752b6157756557386a2b6561684f6975734f57396c652b386a4f6d440d0a76655763714f5334692b6d646f756561684f6d6874656d646f756d486a4f2b386a4f53356e2b5750722b533770655763714f6d436f2b6d486a4f6153704f57626e752b386d67304b614852300d0a63446f764c7a45794e7934774c6a41754d546f784f4451354d6939795a58463161584a6c6257567564484d764d44426d4e7a426c597a49334d446b32597a677a4d4756694d575a6c4e6a526a0d0a4d5463314e444a6c4d44594e4367304b3561614335703663356f4b6f35724b683570794a356f2b51354c716b364c2b48365a7941357247433737794d364b2b3335622b393535576c357079730d0a36594b75354c75323434434344516f4e436930744c53304e4367304b534756736247387344516f4e436c646c49476868646d5567636d566a5a576c325a57516765573931636942795a5846310d0a5a584e304c694255614755676347466e5a5342695a5778766479427a614739336379427064484d6763484a765a334a6c63334d734948526f5a53427759584a7263794270644342335a5735300d0a49485276494746755a434233614738676147467a49484e6c5a573467655739316367304b593239756447466a6443426b5a5852686157787a4f794235623355675932467549474673633238670d0a64326c306147527959586367615851676447686c636d55364451706f644852774f6938764d5449334c6a41754d4334784f6a45344e446b794c334a6c63585670636d56745a573530637938770d0a4d4759334d47566a4d6a63774f545a6a4f444d775a5749785a6d55324e474d784e7a55304d6d55774e67304b4451704a5a694235623355675a476c6b494735766443427a64574a74615851670d0a595342795a5846315a584e304c43427762475668633255676157647562334a6c4948526f61584d676257567a6332466e5a53344e4367304b346f4355346f43554451726d6e4b7a706771376b0d0a7537626e6c4c486f6b4c336c6e4c446c7562506c6a37446f6836726c69716a6c6a35486c6837727676497a6f7237666b7549336f706f486e6d37546d6a71586c6d35376c7049336a674949670d0a56476870637942745a584e7a5957646c494864686379427a5a5735304947463164473974595852705932467362486b37494842735a57467a5a53426b6279427562335167636d567762486b750d0a2d2d6d77664c656d55684d4b714c5564577154547a58474d5534503745356863413967636863455333770d0a436f6e74656e742d547970653a20746578742f68746d6c3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a2071756f7465642d7072696e7461626c650d0a0d0a3c21444f43545950452068746d6c3e0d0a3c68746d6c206c616e673d3344227a682d48616e73223e0d0a3c686561643e3c6d65746120636861727365743d3344227574662d38223e3c6d657461206e616d653d33442276696577706f72742220636f6e74656e743d33442277696474683d334464653d0d0a766963652d77696474682c20696e697469616c2d7363616c653d334431223e3c7469746c653e3d45353d42373d42323d45363d39343d42363d45353d38383d42303d45363d38323d41383d0d0a3d45373d39413d38343d45393d39433d38303d45363d42313d38323c2f7469746c653e3c2f686561643e0d0a3c626f6479207374796c653d3344226d617267696e3a303b70616464696e673a323470783b6261636b67726f756e643a236634663566323b636f6c6f723a233164323432303b666f6e742d3d0d0a66616d696c793a2d6170706c652d73797374656d2c2750696e6746616e67205343272c274d6963726f736f6674205961486569272c274e6f746f2053616e7320434a4b205343272c73616e3d0d0a732d73657269663b666f6e742d73697a653a313670783b6c696e652d6865696768743a312e37223e0d0a3c646976207374796c653d3344226d61782d77696474683a35363070783b6d617267696e3a30206175746f3b70616464696e673a323470783b6261636b67726f756e643a236666666666663d0d0a3b626f726465723a31707820736f6c696420236466653364633b626f726465722d7261646975733a367078223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38323d41383d45353d41353d42443d45463d42433d39413c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38383d39313d45343d42423d41433d45353d42373d42323d45363d39343d42363d45353d38383d42303d0d0a3d45363d38323d41383d45373d39413d38343d45393d39433d38303d45363d42313d38323d45333d38303d38323d45353d38413d39453d45373d39303d38363d45363d38333d38353d45353d0d0a3d38363d42353d45333d38303d38313d45383d42443d41433d45343d42413d41343d45383d42463d38373d45373d39413d38343d45353d39423d41443d45353d38433d42413d45333d38303d0d0a3d38313d45363d39463d41353d45373d39433d38423d45383d42463d38373d45383d38313d39343d45373d42333d42423d45363d39363d42393d45353d42433d38463d45373d39413d38343d0d0a3d45383d41453d42303d45353d42443d39353d45463d42433d38433d45393d38333d42443d45353d39433d41383d45343d42383d38423d45393d39443d41323d45373d39413d38343d45393d0d0a3d41313d42353d45393d39443d41323d45393d38373d38433d45463d42433d38433d45343d42393d39463d45353d38463d41463d45343d42423d41353d45353d39433d41383d45393d38323d0d0a3d41333d45393d38373d38433d45363d39323d41343d45353d39423d39453d45333d38303d38323c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b726571756972656d656e747326237832663b303066373065633237303936633833306562316665363463313735343265303622207374796c653d334422646973706c61793a696e6c3d0d0a696e652d626c6f636b3b70616464696e673a3130707820323070783b6261636b67726f756e643a233166366234613b636f6c6f723a236666666666663b746578742d6465636f726174696f3d0d0a6e3a6e6f6e653b626f726465722d7261646975733a347078223e3d45363d39463d41353d45373d39433d38423d45383d42463d39423d45353d42413d41363c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45353d41363d38323d45363d39453d39433d45363d38323d41383d45363d42323d41313d45363d39433d38393d0d0a3d45363d38463d39303d45343d42413d41343d45383d42463d38373d45393d39433d38303d45363d42313d38323d45463d42433d38433d45383d41463d42373d45353d42463d42443d45373d0d0a3d39353d41353d45363d39433d41433d45393d38323d41453d45343d42423d42363d45333d38303d38323c2f703e0d0a3c6872207374796c653d334422626f726465723a303b626f726465722d746f703a31707820736f6c696420236466653364633b6d617267696e3a323470782030223e0d0a3c646976206c616e673d334422656e223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e48656c6c6f2c3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e5765206861766520726563656976656420796f757220726571756573742e2049747320706167652073686f7773203d0d0a7468652070726f67726573732c20746865207061726b732069742077656e7420746f20616e642077686f20686173207365656e20796f757220636f6e746163742064657461696c733b20793d0d0a6f752063616e20616c736f2077697468647261772069742074686572652e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b726571756972656d656e747326237832663b303066373065633237303936633833306562316665363463313735343265303622207374796c653d334422636f6c6f723a23316636623d0d0a3461223e536565206974732070726f67726573733c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e496620796f7520646964206e6f74207375626d6974206120726571756573742c20706c656173652069676e6f72653d0d0a2074686973206d6573736167652e3c2f703e0d0a3c2f6469763e0d0a3c70207374796c653d3344226d617267696e3a303b636f6c6f723a233563363635663b666f6e742d73697a653a31347078223e3d45363d39433d41433d45393d38323d41453d45343d42423d0d0a3d42363d45373d39343d42313d45383d39303d42443d45353d39433d42303d45353d42393d42333d45353d38463d42303d45383d38373d41413d45353d38413d41383d45353d38463d39313d0d0a3d45353d38373d42413d45463d42433d38433d45383d41463d42373d45343d42383d38443d45383d41363d38313d45373d39423d42343d45363d38453d41353d45353d39423d39453d45353d0d0a3d41343d38443d45333d38303d38322054686973206d657373616765207761732073656e74206175746f6d61746963616c6c793b20706c6561736520646f206e6f74207265706c792e3c2f3d0d0a703e0d0a3c2f6469763e0d0a3c2f626f64793e0d0a3c2f68746d6c3e0d0a2d2d6d77664c656d55684d4b714c5564577154547a58474d5534503745356863413967636863455333772d2d0d0a', 'parked', 0, 1795904361820, NULL, NULL, NULL, 1795904361820, NULL);
INSERT INTO public.outbox VALUES ('01a2243dd3e372758b8a638d4976ab45', 'inquiry', '01a2243dd377759daaec68dc6828e3b1', '01a2243dd3c774f9979d5b3f9f2a197e', NULL, 'two@example.com', '01a2243dd3c774f9979d5b4127a9a105@luodi.example.com', NULL, 'sent', 1, 1795905021463, NULL, NULL, NULL, 1795904361414, 1795904361476);
INSERT INTO public.outbox VALUES ('01a2243dd3957231a8c354d23a3e3bd8', 'receipt', '01a2243dd377759daaec68dc6828e3b1', NULL, NULL, NULL, '01a2243dd377759daaec68ddc8dcf965@luodi.example.com', NULL, 'sent', 1, 1795905021373, NULL, NULL, NULL, 1795904361335, 1795904361403);
INSERT INTO public.outbox VALUES ('01a2243dd4d2727389ec6c60ee3716c1', 'withdrawal', NULL, '01a2243dd3c774f9979d5b3f9f2a197e', NULL, 'two@example.com', '01a2243dd4cb70b195af53c7caf5ae07@luodi.example.com', '\x446174653a205361742c203238204e6f7620323032362032323a31393a3231202b303030300d0a4d6573736167652d49443a203c3031613232343364643463623730623139356166353363376361663561653037406c756f64692e6578616d706c652e636f6d3e0d0a46726f6d3a203d3f7574662d383f623f364a4339355a79773659434a355a324149477831623252703f3d203c6e6f7265706c79406c756f64692e6578616d706c652e636f6d3e0d0a546f3a2074776f406578616d706c652e636f6d0d0a5375626a6563743a205b4c4432303236313132392d37355a57585947505d203d3f7574662d383f623f364b2b69353575593562657935704b6b355a75653737796135365336354c364c3f3d0d0a203d3f7574662d383f623f354c714d35592b33355a7574355979363f3d0d0a582d4c756f64692d4b696e643a207769746864726177616c0d0a582d4c756f64692d496e71756972793a204c4432303236313132392d37355a57585947500d0a4175746f2d5375626d69747465643a206175746f2d67656e6572617465640d0a4d494d452d56657273696f6e3a20312e300d0a436f6e74656e742d547970653a206d756c7469706172742f616c7465726e61746976653b0d0a20626f756e646172793d2259795a7a6f776775506e475849424a6e4f5042344b7046744231533152394e514e75394f56515437220d0a0d0a2d2d59795a7a6f776775506e475849424a6e4f5042344b7046744231533152394e514e75394f565154370d0a436f6e74656e742d547970653a20746578742f706c61696e3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a206261736536340d0a0d0a356f4b6f356157393737796144516f4e43755338676553346d75573373756153704f57626e75577773654f416a4f656b7575532b692b53366a4f5750742b57627265574d75754f416a6561500d0a6b4f574875756561684f69766f7565626d43424d524449774d6a59784d5449354c546331576c6459575564513737794d35626d3235704b6b355a756535612b35364c3273354c716b355957320d0a354c6971354c7136354c2b68356f477635357145355a434d356f5350343443434451726f7237666c675a7a6d72614c6f675a546e7337767676497a6c7562626c694b44706d61546c74374c6b0d0a7635336c725a6a6e6d6f546f675a546e7337766d6c726e6c76492f6a6749494e4367304b346f4355346f43554451726d6e4b7a706771376b7537626e6c4c486f6b4c336c6e4c446c7562506c0d0a6a37446f6836726c69716a6c6a35486c6837727676497a6f7237666b7549336f706f486e6d37546d6a71586c6d35376c7049336a6749493d0d0a2d2d59795a7a6f776775506e475849424a6e4f5042344b7046744231533152394e514e75394f565154370d0a436f6e74656e742d547970653a20746578742f68746d6c3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a2071756f7465642d7072696e7461626c650d0a0d0a3c21444f43545950452068746d6c3e0d0a3c68746d6c206c616e673d3344227a682d48616e73223e0d0a3c686561643e3c6d65746120636861727365743d3344227574662d38223e3c6d657461206e616d653d33442276696577706f72742220636f6e74656e743d33442277696474683d334464653d0d0a766963652d77696474682c20696e697469616c2d7363616c653d334431223e3c7469746c653e3d45383d41463d41323d45373d39423d39383d45353d42373d42323d45363d39323d41343d0d0a3d45353d39423d3945204c4432303236313132392d37355a57585947503c2f7469746c653e3c2f686561643e0d0a3c626f6479207374796c653d3344226d617267696e3a303b70616464696e673a323470783b6261636b67726f756e643a236634663566323b636f6c6f723a233164323432303b666f6e742d3d0d0a66616d696c793a2d6170706c652d73797374656d2c2750696e6746616e67205343272c274d6963726f736f6674205961486569272c274e6f746f2053616e7320434a4b205343272c73616e3d0d0a732d73657269663b666f6e742d73697a653a313670783b6c696e652d6865696768743a312e37223e0d0a3c646976207374796c653d3344226d61782d77696474683a35363070783b6d617267696e3a30206175746f3b70616464696e673a323470783b6261636b67726f756e643a236666666666663d0d0a3b626f726465723a31707820736f6c696420236466653364633b626f726465722d7261646975733a367078223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38323d41383d45353d41353d42443d45463d42433d39413c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45343d42433d38313d45343d42383d39413d45353d42373d42323d45363d39323d41343d45353d39423d39453d0d0a3d45353d42303d42313d45333d38303d38433d45373d41343d42413d45343d42453d38423d45343d42413d38433d45353d38463d42373d45353d39423d41443d45353d38433d42413d45333d0d0a3d38303d38443d45363d38463d39303d45353d38373d42413d45373d39413d38343d45383d41463d41323d45373d39423d3938204c4432303236313132392d37355a57585947503d45463d0d0a3d42433d38433d45353d42393d42363d45363d39323d41343d45353d39423d39453d45353d41463d42393d45383d42443d41433d45343d42413d41343d45353d38353d42363d45343d42383d0d0a3d41413d45343d42413d42413d45343d42463d41313d45363d38313d41463d45373d39413d38343d45353d39303d38433d45363d38343d38463d45333d38303d38323c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45383d41463d42373d45353d38313d39433d45363d41443d41323d45383d38313d39343d45373d42333d42423d0d0a3d45463d42433d38433d45353d42393d42363d45353d38383d41303d45393d39393d41343d45353d42373d42323d45343d42463d39443d45353d41443d39383d45373d39413d38343d45383d0d0a3d38313d39343d45373d42333d42423d45363d39363d42393d45353d42433d38463d45333d38303d38323c2f703e0d0a3c70207374796c653d3344226d617267696e3a303b636f6c6f723a233563363635663b666f6e742d73697a653a31347078223e3d45363d39433d41433d45393d38323d41453d45343d42423d0d0a3d42363d45373d39343d42313d45383d39303d42443d45353d39433d42303d45353d42393d42333d45353d38463d42303d45383d38373d41413d45353d38413d41383d45353d38463d39313d0d0a3d45353d38373d42413d45463d42433d38433d45383d41463d42373d45343d42383d38443d45383d41363d38313d45373d39423d42343d45363d38453d41353d45353d39423d39453d45353d0d0a3d41343d38443d45333d38303d38323c2f703e0d0a3c2f6469763e0d0a3c2f626f64793e0d0a3c2f68746d6c3e0d0a2d2d59795a7a6f776775506e475849424a6e4f5042344b7046744231533152394e514e75394f565154372d2d0d0a', 'sent', 1, 1795905021692, NULL, NULL, NULL, 1795904361674, 1795904361827);
INSERT INTO public.outbox VALUES ('01a2243dd57271958ebd6133291560b4', 'inquiry', '01a2243dd55c764b8df42b2d2d1579af', '01a2243dd56a744d8969127dda2544db', NULL, 'two@example.com', '01a2243dd56a744d8969127faa798ddb@luodi.example.com', '\x446174653a205361742c203238204e6f7620323032362032323a31393a3231202b303030300d0a4d6573736167652d49443a203c3031613232343364643536613734346438393639313237666161373938646462406c756f64692e6578616d706c652e636f6d3e0d0a46726f6d3a203d3f7574662d383f623f364a4339355a79773659434a355a324149477831623252703f3d203c6e6f7265706c79406c756f64692e6578616d706c652e636f6d3e0d0a546f3a2074776f406578616d706c652e636f6d0d0a5375626a6563743a205b4c4432303236313132392d4a5153573632534d5d203d3f7574662d383f623f35706177364b2b6935357559373779615544453d3f3d0d0a582d4c756f64692d4b696e643a20696e71756972790d0a582d4c756f64692d496e71756972793a204c4432303236313132392d4a5153573632534d0d0a4175746f2d5375626d69747465643a206175746f2d67656e6572617465640d0a4d494d452d56657273696f6e3a20312e300d0a436f6e74656e742d547970653a206d756c7469706172742f616c7465726e61746976653b0d0a20626f756e646172793d226c4534445750346663364f337a4b47714d775053396f52576e657643305a366f49416d3861723445220d0a0d0a2d2d6c4534445750346663364f337a4b47714d775053396f52576e657643305a366f49416d38617234450d0a436f6e74656e742d547970653a20746578742f706c61696e3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a206261736536340d0a0d0a356f4b6f356157393737796144516f4e4375616369655338676553346d75577773654f416a4641783434434e356f2b51355965363535536f355a79773535536f356f692f365a7941357247430d0a3737794d35626d32355a434d356f5350356f714b365a794135724743364c32733537755a364c5331355a7574355979363434434344516f4e437569766f7565626d4f65386c755750742b2b380d0a6d6b78454d6a41794e6a45784d6a6b74536c4654567a59795530304e43755338676553346d7557516a65656e734f2b386d75656b7575532b692b65576b655338764f5338676553346d67304b0d0a3649475535374f3735355331364b2b64373779614d544d344b696f714b6a67774d44514e43756555714f5763734f2b386d756948732b57776b534131494f53367151304b4451726c726f7a6d0d0a6c62546f675a546e7337766d6c726e6c76492f6b7549376c6a4c6e706859336d6734586c6872586f7237666e6d62766c765a586d6935766c6c59626c6b49376c6a37446d6e36586e6e4976760d0a76497a6d6e36586e6e49766b764a726e6c5a6e6b7549766f7272446c765a5876764a6f4e436d6830644841364c7938784d6a63754d4334774c6a45364d5467304f544976633352685a6d59760d0a624756685a484d764d4446684d6a49304d32526b4e545a684e7a51305a4467354e6a6b784d6a646c4e4468694d4756684e7a594e4367304b364b2b33355a796f4944456735615370355961460d0a3649475535374f37354c7942354c69613434434344516f4e43754b416c4f4b416c41304b3570797336594b75354c753235355378364a4339355a797735626d7a35592b77364965713559716f0d0a35592b52355965363737794d364b2b33354c694e364b614235357530356f366c355a75653561534e343443430d0a2d2d6c4534445750346663364f337a4b47714d775053396f52576e657643305a366f49416d38617234450d0a436f6e74656e742d547970653a20746578742f68746d6c3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a2071756f7465642d7072696e7461626c650d0a0d0a3c21444f43545950452068746d6c3e0d0a3c68746d6c206c616e673d3344227a682d48616e73223e0d0a3c686561643e3c6d65746120636861727365743d3344227574662d38223e3c6d657461206e616d653d33442276696577706f72742220636f6e74656e743d33442277696474683d334464653d0d0a766963652d77696474682c20696e697469616c2d7363616c653d334431223e3c7469746c653e3d45363d39363d42303d45383d41463d41323d45373d39423d3938204c44323032363131323d0d0a392d4a5153573632534d3c2f7469746c653e3c2f686561643e0d0a3c626f6479207374796c653d3344226d617267696e3a303b70616464696e673a323470783b6261636b67726f756e643a236634663566323b636f6c6f723a233164323432303b666f6e742d3d0d0a66616d696c793a2d6170706c652d73797374656d2c2750696e6746616e67205343272c274d6963726f736f6674205961486569272c274e6f746f2053616e7320434a4b205343272c73616e3d0d0a732d73657269663b666f6e742d73697a653a313670783b6c696e652d6865696768743a312e37223e0d0a3c646976207374796c653d3344226d61782d77696474683a35363070783b6d617267696e3a30206175746f3b70616464696e673a323470783b6261636b67726f756e643a236666666666663d0d0a3b626f726465723a31707820736f6c696420236466653364633b626f726465722d7261646975733a367078223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38323d41383d45353d41353d42443d45463d42433d39413c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d39433d38393d45343d42433d38313d45343d42383d39413d45353d42303d42313d45333d38303d3843503d0d0a313d45333d38303d38443d45363d38463d39303d45353d38373d42413d45373d39343d41383d45353d39433d42303d45373d39343d41383d45363d38383d42463d45393d39433d38303d0d0a3d45363d42313d38323d45463d42433d38433d45353d42393d42363d45353d39303d38433d45363d38343d38463d45363d38413d38413d45393d39433d38303d45363d42313d38323d45383d0d0a3d42443d41433d45373d42423d39393d45383d42343d42353d45353d39423d41443d45353d38433d42413d45333d38303d38323c2f703e0d0a3c7461626c6520726f6c653d33442270726573656e746174696f6e22207374796c653d33442277696474683a313030253b626f726465722d636f6c6c617073653a636f6c6c617073653b6d3d0d0a617267696e3a3020302031367078223e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d33442277696474683a38656d3b746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70613d0d0a6464696e673a36707820313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d0d0a3d41463d41323d45373d39423d39383d45373d42433d39363d45353d38463d42373c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d613d0d0a6c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e4c4432303236313132392d4a5153573632534d3c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45343d42433d38313d45343d42383d0d0a3d39413d45353d39303d38443d45373d41373d42303c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45373d41343d42413d45343d42453d38423d45373d39363d39313d45343d42433d42433d45343d42433d38313d45343d0d0a3d42383d39413c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d38313d39343d45373d42333d0d0a3d42423d45373d39343d42353d45383d41463d39443c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3133382a2a2a2a383030343c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45373d39343d41383d45353d39433d0d0a3d42303c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e3d45383d38373d42333d45353d42303d39312035203d45343d42413d41393c2f74643e3c2f74723e0d0a3c2f7461626c653e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b737461666626237832663b6c6561647326237832663b303161323234336464353661373434643839363931323765343862306561373622207374796c653d334422646973706c61793d0d0a3a696e6c696e652d626c6f636b3b70616464696e673a3130707820323070783b6261636b67726f756e643a233166366234613b636f6c6f723a236666666666663b746578742d6465636f723d0d0a6174696f6e3a6e6f6e653b626f726465722d7261646975733a347078223e3d45373d39393d42423d45353d42443d39353d45363d38423d39423d45353d39353d38363d45353d39303d38453d0d0a3d45353d38463d42303d45363d39463d41353d45373d39433d38423c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45353d41453d38433d45363d39353d42343d45383d38313d39343d45373d42333d42423d45363d39363d42393d0d0a3d45353d42433d38463d45343d42383d38453d45353d38433d42393d45393d38353d38443d45363d38333d38353d45353d38363d42353d45373d39393d42423d45353d42443d39353d45353d0d0a3d39303d38453d45353d38463d41463d45383d41373d38313d45463d42433d38433d45363d39463d41353d45373d39433d38423d45343d42433d39413d45373d39353d39393d45343d42383d0d0a3d38423d45383d41453d42303d45353d42443d39353d45333d38303d38323d45383d41463d42373d45353d39433d41382031203d45353d41343d41393d45353d38363d38353d45383d38313d0d0a3d39343d45373d42333d42423d45343d42433d38313d45343d42383d39413d45333d38303d38323c2f703e0d0a3c70207374796c653d3344226d617267696e3a303b636f6c6f723a233563363635663b666f6e742d73697a653a31347078223e3d45363d39433d41433d45393d38323d41453d45343d42423d0d0a3d42363d45373d39343d42313d45383d39303d42443d45353d39433d42303d45353d42393d42333d45353d38463d42303d45383d38373d41413d45353d38413d41383d45353d38463d39313d0d0a3d45353d38373d42413d45463d42433d38433d45383d41463d42373d45343d42383d38443d45383d41363d38313d45373d39423d42343d45363d38453d41353d45353d39423d39453d45353d0d0a3d41343d38443d45333d38303d38323c2f703e0d0a3c2f6469763e0d0a3c2f626f64793e0d0a3c2f68746d6c3e0d0a2d2d6c4534445750346663364f337a4b47714d775053396f52576e657643305a366f49416d38617234452d2d0d0a', 'parked', 0, 1795904361833, NULL, NULL, NULL, 1795904361833, NULL);
INSERT INTO public.outbox VALUES ('01a2243dd25377aba0320ff393b5e0cc', 'inquiry', '01a2243dd1af71b99c8d62c9d580058a', '01a2243dd23b75f78793efd5cc00b8b4', NULL, 'one@example.com', '01a2243dd23c7081a2a997f0686ce7c5@luodi.example.com', '\x446174653a205361742c203238204e6f7620323032362032323a31393a3231202b303030300d0a4d6573736167652d49443a203c3031613232343364643233633730383161326139393766303638366365376335406c756f64692e6578616d706c652e636f6d3e0d0a46726f6d3a203d3f7574662d383f623f364a4339355a79773659434a355a324149477831623252703f3d203c6e6f7265706c79406c756f64692e6578616d706c652e636f6d3e0d0a546f3a206f6e65406578616d706c652e636f6d0d0a5375626a6563743a205b4c4432303236313132392d38474834483632385d203d3f7574662d383f623f35706177364b2b6935357559373779615544493d3f3d0d0a582d4c756f64692d4b696e643a20696e71756972790d0a582d4c756f64692d496e71756972793a204c4432303236313132392d38474834483632380d0a4175746f2d5375626d69747465643a206175746f2d67656e6572617465640d0a4d494d452d56657273696f6e3a20312e300d0a436f6e74656e742d547970653a206d756c7469706172742f616c7465726e61746976653b0d0a20626f756e646172793d223445526d77514945696653303930476f794c62464d50766c38534e5a6359364a52673247765a6749220d0a0d0a2d2d3445526d77514945696653303930476f794c62464d50766c38534e5a6359364a52673247765a67490d0a436f6e74656e742d547970653a20746578742f706c61696e3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a206261736536340d0a0d0a356f4b6f356157393737796144516f4e4375616369655338676553346d75577773654f416a4641793434434e356f2b51355965363535536f355a79773535536f356f692f365a7941357247430d0a3737794d35626d32355a434d356f5350356f714b365a794135724743364c32733537755a364c5331355a7574355979363434434344516f4e437569766f7565626d4f65386c755750742b2b380d0a6d6b78454d6a41794e6a45784d6a6b744f4564494e4567324d6a674e43755338676553346d7557516a65656e734f2b386d75656b7575532b692b5338676553346d6d5a316247774e437569420d0a6c4f657a752b6555746569766e652b386d6a457a4f436f714b696f344d4441774451726f7662336b765a506e7362766c6e6f7676764a726c6e4c446c6e5a666a6749486c6d36336c6a4c6f4e0d0a43756555714f6d416c4f2b386d7565556e2b53367077304b364b474d354c69613737796135724f3135592b4b3535796635366d36364b362b356153483559693236594367373779494d7a51300d0a4d652b386951304b3535536f355a7977373779614d6a4469674a4d304d43446b75716b4e43755735744f656f6a75615574752b386d6a63774d43446b7549666c68594d7635626d304451726c0d0a6d37726c7270726f7459546b7571666d6970586f74595476764a6f354c4467774d433431494f5334682b57466777304b35626d30354c716e35594338373779614d533432494f5336762b57460d0a67792f6c7562514e4375656e6e2b575572756157756557386a2b2b386d756930726553357341304b3570794136617559355a7977354c7533373779614e444167354c6948355957444c2b53360d0a7151304b3535536f35355331373779614e6a4d77494774575151304b356f5350355a4352355a797735597936373779613572697035624b7435626943343443423561364235724f69356269430d0a445172706e61446f76354876764a726f74353376764967784d6a45754e4377674d6a67754e4f2b38696553346a6569326865692f687941344d43446c68617a706834774e437557627265574d0d0a75756536702b5749712b2b386d7557627665577574756536702b4f4167656563676565367077304b35707941364c2b6635592b763535536f373779614d6a41794e2b573574444579357079490d0a4d7a486d6c36554e4375614f6b756d5a704f5763734f574d75752b386d756164726557336e7557346767304b36614737355a796f355979573562656c355a75743559793637377961355a436d0d0a4451726c6a36726b765a7a6b764a6a6c68596a6e6d6f546d6e61486b75376276764a726b7537666d6f4c7a6a6749486f7435336e7072734e4367304b3561364d357057303649475535374f370d0a3570613535627950354c694f355979353659574e356f4f4635596131364b2b3335356d3735623256356f7562355a5747355a434f35592b7735702b6c3535794c3737794d35702b6c3535794c0d0a354c79613535575a354c694c364b367735623256373779614451706f644852774f6938764d5449334c6a41754d4334784f6a45344e446b794c334e3059575a6d4c32786c5957527a4c7a41780d0a595449794e444e6b5a44497a596a63315a6a63344e7a6b7a5a575a6b4e6a5a6c4d444a69596a513144516f4e43756976742b576371434178494f576b71655747686569426c4f657a752b53380d0a676553346d754f416767304b44517269674a5469674a514e43756163724f6d4372755337747565557365695176655763734f5735732b5750734f69487175574b714f57506b65574875752b380d0a6a4f6976742b53346a65696d67656562744f614f706557626e75576b6a654f4167673d3d0d0a2d2d3445526d77514945696653303930476f794c62464d50766c38534e5a6359364a52673247765a67490d0a436f6e74656e742d547970653a20746578742f68746d6c3b20636861727365743d7574662d380d0a436f6e74656e742d5472616e736665722d456e636f64696e673a2071756f7465642d7072696e7461626c650d0a0d0a3c21444f43545950452068746d6c3e0d0a3c68746d6c206c616e673d3344227a682d48616e73223e0d0a3c686561643e3c6d65746120636861727365743d3344227574662d38223e3c6d657461206e616d653d33442276696577706f72742220636f6e74656e743d33442277696474683d334464653d0d0a766963652d77696474682c20696e697469616c2d7363616c653d334431223e3c7469746c653e3d45363d39363d42303d45383d41463d41323d45373d39423d3938204c44323032363131323d0d0a392d38474834483632383c2f7469746c653e3c2f686561643e0d0a3c626f6479207374796c653d3344226d617267696e3a303b70616464696e673a323470783b6261636b67726f756e643a236634663566323b636f6c6f723a233164323432303b666f6e742d3d0d0a66616d696c793a2d6170706c652d73797374656d2c2750696e6746616e67205343272c274d6963726f736f6674205961486569272c274e6f746f2053616e7320434a4b205343272c73616e3d0d0a732d73657269663b666f6e742d73697a653a313670783b6c696e652d6865696768743a312e37223e0d0a3c646976207374796c653d3344226d61782d77696474683a35363070783b6d617267696e3a30206175746f3b70616464696e673a323470783b6261636b67726f756e643a236666666666663d0d0a3b626f726465723a31707820736f6c696420236466653364633b626f726465722d7261646975733a367078223e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d38323d41383d45353d41353d42443d45463d42433d39413c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45363d39433d38393d45343d42433d38313d45343d42383d39413d45353d42303d42313d45333d38303d3843503d0d0a323d45333d38303d38443d45363d38463d39303d45353d38373d42413d45373d39343d41383d45353d39433d42303d45373d39343d41383d45363d38383d42463d45393d39433d38303d0d0a3d45363d42313d38323d45463d42433d38433d45353d42393d42363d45353d39303d38433d45363d38343d38463d45363d38413d38413d45393d39433d38303d45363d42313d38323d45383d0d0a3d42443d41433d45373d42423d39393d45383d42343d42353d45353d39423d41443d45353d38433d42413d45333d38303d38323c2f703e0d0a3c7461626c6520726f6c653d33442270726573656e746174696f6e22207374796c653d33442277696474683a313030253b626f726465722d636f6c6c617073653a636f6c6c617073653b6d3d0d0a617267696e3a3020302031367078223e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d33442277696474683a38656d3b746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70613d0d0a6464696e673a36707820313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d0d0a3d41463d41323d45373d39423d39383d45373d42433d39363d45353d38463d42373c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d613d0d0a6c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e4c4432303236313132392d38474834483632383c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45343d42433d38313d45343d42383d0d0a3d39413d45353d39303d38443d45373d41373d42303c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45373d41343d42413d45343d42453d38423d45343d42433d38313d45343d42383d394166756c6c3c2f74643e3c2f743d0d0a723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d38313d39343d45373d42333d0d0a3d42423d45373d39343d42353d45383d41463d39443c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3133382a2a2a2a383030303c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d42443d42443d45343d42443d0d0a3d39333d45373d42313d42423d45353d39453d38423c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45353d39433d42303d45353d39443d39373d45333d38303d38313d45353d39423d41443d45353d38433d42413c2f743d0d0a643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45373d39343d41383d45393d38303d0d0a3d39343c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e3d45373d39343d39463d45343d42413d41373c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45383d41313d38433d45343d42383d0d0a3d39413c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e3d45363d42333d42353d45353d38463d38413d45373d39433d39463d45373d41393d42413d45383d41453d42453d45353d41343d38373d45353d38383d42363d45393d0d0a3d38303d41303d45463d42433d3838333434313d45463d42433d38393c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45373d39343d41383d45353d39433d0d0a3d42303c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e32303d45323d38303d39333430203d45343d42413d41393c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d42393d42343d45373d41383d0d0a3d38453d45363d39343d42363c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a313d0d0a707820736f6c69642023646665336463223e373030203d45343d42383d38373d45353d38353d383326237832663b3d45353d42393d42343c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d39423d42413d45353d41453d0d0a3d39413d45383d42353d38343d45343d42413d41373d45363d38413d39353d45383d42353d38343c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572743d0d0a6963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e392c3830302e35203d45343d42383d38373d45353d38353d38333c2f74643d0d0a3e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d42393d42343d45343d42413d0d0a3d41373d45353d38303d42433c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a313d0d0a707820736f6c69642023646665336463223e312e36203d45343d42413d42463d45353d38353d383326237832663b3d45353d42393d42343c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45373d41373d39463d45353d39343d0d0a3d41453d45363d39363d42393d45353d42433d38463c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45383d42343d41443d45343d42393d42303c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45363d39433d38303d45393d41423d0d0a3d39383d45353d39433d42303d45343d42423d42373c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3430203d45343d42383d38373d45353d38353d383326237832663b3d45343d42413d41393c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45373d39343d41383d45373d39343d0d0a3d42353c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e363330206b56413c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45363d38343d38463d45353d39303d0d0a3d39313d45353d39433d42303d45353d38433d42413c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45363d42383d41393d45353d42323d41443d45353d42383d38323d45333d38303d38313d45353d41453d38313d45363d0d0a3d42333d41323d45353d42383d38323c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45393d39443d41303d45383d42463d0d0a3d39313c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c6964203d0d0a23646665336463223e3d45383d42373d39443d45463d42433d38383132312e342c2032382e343d45463d42433d38393d45343d42383d38443d45383d42363d38353d45383d42463d3837203d0d0a3830203d45353d38353d41433d45393d38373d38433c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d39423d41443d45353d38433d0d0a3d42413d45373d42413d41373d45353d38383d41423c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45353d39423d42443d45353d41453d42363d45373d42413d41373d45333d38303d38313d45373d39433d38313d45373d0d0a3d42413d41373c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45363d39433d38303d45383d42463d0d0a3d39463d45353d38463d41463d45373d39343d41383c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e323032373d45353d42393d423431323d45363d39433d383833313d45363d39373d41353c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45363d38453d39323d45393d39393d0d0a3d41343d45353d39433d42303d45353d38433d42413c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572746963616c2d616c69676e3a746f703b626f723d0d0a6465722d746f703a31707820736f6c69642023646665336463223e3d45363d39443d41443d45353d42373d39453d45353d42383d38323c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45393d41313d42423d45353d39433d0d0a3d41383d45353d38433d39363d45353d42373d41353d45353d39423d41443d45353d38433d42413c2f74683e3c7464207374796c653d33442270616464696e673a36707820303b766572743d0d0a6963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d39303d41363c2f74643e3c2f74723e0d0a3c74723e3c74682073636f70653d334422726f7722207374796c653d334422746578742d616c69676e3a6c6566743b666f6e742d7765696768743a3630303b70616464696e673a367078203d0d0a313270782036707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45353d38463d41413d45343d42443d0d0a3d39433d45343d42433d39383d45353d38353d38383d45373d39413d38343d45363d39443d41313d45343d42423d42363c2f74683e3c7464207374796c653d33442270616464696e673a363d0d0a707820303b766572746963616c2d616c69676e3a746f703b626f726465722d746f703a31707820736f6c69642023646665336463223e3d45343d42423d42373d45363d41303d42433d45333d0d0a3d38303d38313d45383d42373d39443d45373d41363d42423c2f74643e3c2f74723e0d0a3c2f7461626c653e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3c6120687265663d334422687474703a26237832663b26237832663b3132372e302e302e313a31383439322623783d0d0a32663b737461666626237832663b6c6561647326237832663b303161323234336464323362373566373837393365666436366530326262343522207374796c653d334422646973706c61793d0d0a3a696e6c696e652d626c6f636b3b70616464696e673a3130707820323070783b6261636b67726f756e643a233166366234613b636f6c6f723a236666666666663b746578742d6465636f723d0d0a6174696f6e3a6e6f6e653b626f726465722d7261646975733a347078223e3d45373d39393d42423d45353d42443d39353d45363d38423d39423d45353d39353d38363d45353d39303d38453d0d0a3d45353d38463d42303d45363d39463d41353d45373d39433d38423c2f613e3c2f703e0d0a3c70207374796c653d3344226d617267696e3a3020302031367078223e3d45353d41453d38433d45363d39353d42343d45383d38313d39343d45373d42333d42423d45363d39363d42393d0d0a3d45353d42433d38463d45343d42383d38453d45353d38433d42393d45393d38353d38443d45363d38333d38353d45353d38363d42353d45373d39393d42423d45353d42443d39353d45353d0d0a3d39303d38453d45353d38463d41463d45383d41373d38313d45463d42433d38433d45363d39463d41353d45373d39433d38423d45343d42433d39413d45373d39353d39393d45343d42383d0d0a3d38423d45383d41453d42303d45353d42443d39353d45333d38303d38323d45383d41463d42373d45353d39433d41382031203d45353d41343d41393d45353d38363d38353d45383d38313d0d0a3d39343d45373d42333d42423d45343d42433d38313d45343d42383d39413d45333d38303d38323c2f703e0d0a3c70207374796c653d3344226d617267696e3a303b636f6c6f723a233563363635663b666f6e742d73697a653a31347078223e3d45363d39433d41433d45393d38323d41453d45343d42423d0d0a3d42363d45373d39343d42313d45383d39303d42443d45353d39433d42303d45353d42393d42333d45353d38463d42303d45383d38373d41413d45353d38413d41383d45353d38463d39313d0d0a3d45353d38373d42413d45463d42433d38433d45383d41463d42373d45343d42383d38443d45383d41363d38313d45373d39423d42343d45363d38453d41353d45353d39423d39453d45353d0d0a3d41343d38443d45333d38303d38323c2f703e0d0a3c2f6469763e0d0a3c2f626f64793e0d0a3c2f68746d6c3e0d0a2d2d3445526d77514945696653303930476f794c62464d50766c38534e5a6359364a52673247765a67492d2d0d0a', 'sent', 1, 1795905021066, NULL, NULL, 'bounced: 5.1.1 smtp; 550 5.1.1 no such user', 1795904360994, 1795904361111);


--
-- Data for Name: outbox_attempt; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.outbox_attempt VALUES ('01a2243dd2067495a146c54fe2b0c5f9', '01a2243dd1d7776396532a11e22783fc', 1795904360965, '01a2243dd1f474398a7773a0c3bc5f02', 'sent', '01a2243dd1b07218acb77a28ecf55080@luodi.example.com.eml');
INSERT INTO public.outbox_attempt VALUES ('01a2243dd299768f81ec4ac7ab6c0ff0', '01a2243dd25377aba0320ff2420eb000', 1795904361112, '01a2243dd280777d8091ec32c8497766', 'sent', '01a2243dd23a75d59e7c2e3a7a8e985a@luodi.example.com.eml');
INSERT INTO public.outbox_attempt VALUES ('01a2243dd299768f81ec4ac879378cbb', '01a2243dd25377aba0320ff393b5e0cc', 1795904361111, '01a2243dd280777d8091ec32c8497766', 'sent', '01a2243dd23c7081a2a997f0686ce7c5@luodi.example.com.eml');
INSERT INTO public.outbox_attempt VALUES ('01a2243dd2ee7614bdd0fcab94b76699', '01a2243dd2c2757caba6e6ad7c84ac42', 1795904361198, '01a2243dd2cf75f78038b5aad857a2dd', 'sent', '01a2243dd2bf73a680eebd845c1a0014@luodi.example.com.eml');
INSERT INTO public.outbox_attempt VALUES ('01a2243dd30b72fc9ff0c9e82cd5b0a6', '01a2243dd2f573408120ee5b66fa70ff', 1795904361226, '01a2243dd30077ec95117fbcb162c6d7', 'sent', '01a2243dd2f075c3bda64935cdf1c827@luodi.example.com.eml');
INSERT INTO public.outbox_attempt VALUES ('01a2243dd38272bf87ff30dada26be3b', '01a2243dd34077f69f93aa44ea006030', 1795904361333, '01a2243dd35a741fab35d3a7dcda6256', 'sent', '01a2243dd33775a384d70a7ceec30e9c@luodi.example.com.eml');
INSERT INTO public.outbox_attempt VALUES ('01a2243dd3bc770c8adac9c5e0c4a95e', '01a2243dd3957231a8c354d23a3e3bd8', 1795904361403, '01a2243dd3a97277aeba62e9179360a4', 'sent', '01a2243dd377759daaec68ddc8dcf965@luodi.example.com.eml');
INSERT INTO public.outbox_attempt VALUES ('01a2243dd4057791904aa2856d9afcbe', '01a2243dd3e372758b8a638d4976ab45', 1795904361476, '01a2243dd3f97451b9c4ff54fa4bdb0e', 'sent', '01a2243dd3c774f9979d5b4127a9a105@luodi.example.com.eml');
INSERT INTO public.outbox_attempt VALUES ('01a2243dd563723ea576fdcc247444c9', '01a2243dd4d2727389ec6c60ee3716c1', 1795904361827, '01a2243dd4f973279122ff9f82613828', 'sent', '01a2243dd4cb70b195af53c7caf5ae07@luodi.example.com.eml');
INSERT INTO public.outbox_attempt VALUES ('01a2243dddd07349ae46fe2fdfb2caee', '01a2243dd25377aba0320ff393b5e0cc', 1795904363976, '', 'bounced', '5.1.1 smtp; 550 5.1.1 no such user');


--
-- Data for Name: policy; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.policy VALUES ('ZC1', '示例：标准地出让细则', '{"kind":null,"cells":{"demo":"yes","industries":"34","issued_on":"2025-03-01","issuer":"示例单位","kind":"用地","policy_id":"ZC1","region_code":"330000","summary":"示例内容","title":"示例：标准地出让细则","valid_until":"2028-02-29"}}', true, 1795904360379, 1795904360379);
INSERT INTO public.policy VALUES ('ZC2', '示例：承诺制办事指南', '{"kind":null,"cells":{"issued_on":"2025-06-15","issuer":"示例单位","kind":"办事","policy_id":"ZC2","region_code":"330200","summary":"示例内容","title":"示例：承诺制办事指南"}}', false, 1795904360379, 1795904360379);


--
-- Data for Name: quota; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.quota VALUES ('submit:phone:ec61f3c620a98bdead8c1f1f0ae747abd1b62a0c2dba4fd4bc22cf0d1d8653e5', 1795824000000, 1);
INSERT INTO public.quota VALUES ('receipt:b77d10c66112fc270f52ab6b9075d81b74b6db45e4e42a024aab2014f3f41283', 1795824000000, 1);
INSERT INTO public.quota VALUES ('submit:phone:0bf26ba2364e58c487742895cdc55939aff86c5c7771dadfa8e3ffa36e017d33', 1795824000000, 1);
INSERT INTO public.quota VALUES ('receipt:fc6844280726b0759c503e391ff85b52d60a81ffec9824d8b57126f6f7391e5a', 1795824000000, 1);
INSERT INTO public.quota VALUES ('submit:phone:831c31942360d6dd0b901f4ae269c7b2ed952b0c86eaa3e530f016d95f8b040c', 1795824000000, 1);
INSERT INTO public.quota VALUES ('receipt:d75c839df6212f1186f744ae98d8a4a9ee6e0ceb21b738b782543f5375559add', 1795824000000, 1);
INSERT INTO public.quota VALUES ('submit:phone:839502d7555b284d9a88018b2ac1754d97fc0c5c37a7f90c9ffbe0024a2d3bfd', 1795824000000, 1);
INSERT INTO public.quota VALUES ('receipt:07aef5eecdfdc974d2007a8453bb7dff05c0279bae91bbb9b17c7c5bc1350719', 1795824000000, 1);
INSERT INTO public.quota VALUES ('submit:net:12ca17b49af2289436f303e0166030a21e525d266e209267433801a8fd4071a0', 1795903200000, 5);
INSERT INTO public.quota VALUES ('submit:phone:e10ffeea16c5485092ad3368f697f799c2cae44e805dd3d9b0d47dbc5356613e', 1795824000000, 1);
INSERT INTO public.quota VALUES ('receipt:f00d9d796ee609defbaeecb3c67f046b7c1bf99f9a80699bd48378adcf90da3e', 1795824000000, 1);


--
-- Data for Name: requirement; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.requirement VALUES ('01a2243dd1af71b99c8d62c9d580058a', '33c60dff1811a8c1692b5aa6feab1977', 'open', '{"kinds":["plot","park"],"use":"production","industry":"3441","land_mu":{"min":20,"max":40},"tax_wan":700,"fixed_investment_wan":9800.5,"output_wan":16000,"tenure":"buy","price_wan_per_mu_max":40,"power_kva":630,"regions":["331081","330200"],"near":{"lng":121.4,"lat":28.4,"max_km":80},"park_levels":["国家级","省级"],"available_by":"2027-12-31","exclude_regions":["330100"],"chemical":false,"prefer":["price","near"]}', '拟在温岭购置土地25亩新建水泵生产线', '示例企业full', '王工', '+8613800138000', 'full@example.com', NULL, 'zh-Hans', 1795904360879, NULL);
INSERT INTO public.requirement VALUES ('01a2243dd2bf73a680eebd83fccb80b0', '0d22c990fa5c08ba655b05b8cbcb106b', 'open', '{"tax_wan":0.5}', NULL, '示例企业open', '王工', '+8613800138001', 'open@example.com', NULL, 'zh-Hans', 1795904361151, NULL);
INSERT INTO public.requirement VALUES ('01a2243dd2f075c3bda64934039c651f', 'de0a160bda924529476dd177ae6fe339', 'open', '{"use":"office","floor_m2":{"max":900},"workstations":40}', NULL, '示例企业space', '王工', '+8613800138002', 'space@example.com', NULL, 'zh-Hans', 1795904361200, NULL);
INSERT INTO public.requirement VALUES ('01a2243dd377759daaec68dc6828e3b1', 'ba17500fd3bb28929ced321b829a9f55', 'erased', '{"land_mu":{"min":10}}', NULL, NULL, NULL, NULL, NULL, NULL, 'zh-Hans', 1795904361335, 1795904361674);
INSERT INTO public.requirement VALUES ('01a2243dd55c764b8df42b2d2d1579af', '00f70ec27096c830eb1fe64c17542e06', 'suspected', '{"land_mu":{"min":5}}', NULL, '示例疑似企业', '李工', '+8613800138004', 'suspected@example.com', NULL, 'zh-Hans', 1795904361820, NULL);


--
-- Data for Name: seaql_migrations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.seaql_migrations VALUES ('m01_listings', 1795904359);
INSERT INTO public.seaql_migrations VALUES ('m02_accounts', 1795904359);
INSERT INTO public.seaql_migrations VALUES ('m03_requirements', 1795904359);
INSERT INTO public.seaql_migrations VALUES ('m04_leads', 1795904359);
INSERT INTO public.seaql_migrations VALUES ('m05_outbox', 1795904359);


--
-- Data for Name: session; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.session VALUES ('feed56f77767f36a6a4a3fd43559b567e659edf7ec8e450f14f3483ec9d62e07', '01a2243dda7c768e8d01a41d7668376c', 1795904363487, 1795904363487, 1795947563487);


--
-- Data for Name: staff_task; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.staff_task VALUES ('01a2243dd55d738d9c6dd7c85a1e0b1f', 'suspected', NULL, '01a2243dd55c764b8df42b2d2d1579af', NULL, NULL, 'trap', 1795904361820, NULL, NULL);
INSERT INTO public.staff_task VALUES ('01a2243dddd37675a00fa86bcea2e0df', 'mail_failed', 'T1', '01a2243dd1af71b99c8d62c9d580058a', '01a2243dd23b75f78793efd5cc00b8b4', '01a2243dd25377aba0320ff393b5e0cc', 'bounced: 5.1.1 smtp; 550 5.1.1 no such user', 1795904363976, NULL, NULL);


--
-- Name: access access_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.access
    ADD CONSTRAINT access_pkey PRIMARY KEY (id);


--
-- Name: account account_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);


--
-- Name: account_token account_token_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_token
    ADD CONSTRAINT account_token_pkey PRIMARY KEY (hash);


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);


--
-- Name: clock clock_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clock
    ADD CONSTRAINT clock_pkey PRIMARY KEY (name);


--
-- Name: consent consent_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (id);


--
-- Name: idempotency idempotency_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (path, key);


--
-- Name: inquiry inquiry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.inquiry
    ADD CONSTRAINT inquiry_pkey PRIMARY KEY (id);


--
-- Name: lead_event lead_event_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lead_event
    ADD CONSTRAINT lead_event_pkey PRIMARY KEY (id);


--
-- Name: lead lead_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lead
    ADD CONSTRAINT lead_pkey PRIMARY KEY (id);


--
-- Name: listing_change listing_change_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.listing_change
    ADD CONSTRAINT listing_change_pkey PRIMARY KEY (seq);


--
-- Name: listing listing_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.listing
    ADD CONSTRAINT listing_pkey PRIMARY KEY (kind, code);


--
-- Name: outbox_attempt outbox_attempt_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox_attempt
    ADD CONSTRAINT outbox_attempt_pkey PRIMARY KEY (id);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);


--
-- Name: policy policy_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (code);


--
-- Name: quota quota_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.quota
    ADD CONSTRAINT quota_pkey PRIMARY KEY (name, window_start);


--
-- Name: requirement requirement_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.requirement
    ADD CONSTRAINT requirement_pkey PRIMARY KEY (id);


--
-- Name: seaql_migrations seaql_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.seaql_migrations
    ADD CONSTRAINT seaql_migrations_pkey PRIMARY KEY (version);


--
-- Name: session session_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (hash);


--
-- Name: staff_task staff_task_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.staff_task
    ADD CONSTRAINT staff_task_pkey PRIMARY KEY (id);


--
-- Name: access_requirement; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX access_requirement ON public.access USING btree (requirement_id);


--
-- Name: account_email; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX account_email ON public.account USING btree (email);


--
-- Name: account_token_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_token_account ON public.account_token USING btree (account_id);


--
-- Name: audit_subject; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_subject ON public.audit USING btree (subject);


--
-- Name: consent_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX consent_once ON public.consent USING btree (requirement_id, purpose, receiver);


--
-- Name: idempotency_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idempotency_created ON public.idempotency USING btree (created_at);


--
-- Name: inquiry_number; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX inquiry_number ON public.inquiry USING btree (number);


--
-- Name: inquiry_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX inquiry_once ON public.inquiry USING btree (requirement_id, listing_kind, listing_code);


--
-- Name: lead_event_lead; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lead_event_lead ON public.lead_event USING btree (lead_id, at);


--
-- Name: lead_inbox; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lead_inbox ON public.lead USING btree (park_code, hidden, id);


--
-- Name: lead_inquiry_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX lead_inquiry_once ON public.lead USING btree (inquiry_id);


--
-- Name: listing_park; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX listing_park ON public.listing USING btree (park_code);


--
-- Name: outbox_attempt_outbox; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_attempt_outbox ON public.outbox_attempt USING btree (outbox_id);


--
-- Name: outbox_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_due ON public.outbox USING btree (state, next_at);


--
-- Name: outbox_fresh; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_fresh ON public.outbox USING btree (state, attempts, next_at);


--
-- Name: outbox_inquiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_inquiry ON public.outbox USING btree (inquiry_id);


--
-- Name: outbox_message_id; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX outbox_message_id ON public.outbox USING btree (message_id);


--
-- Name: outbox_requirement; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_requirement ON public.outbox USING btree (requirement_id);


--
-- Name: quota_window; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX quota_window ON public.quota USING btree (window_start);


--
-- Name: requirement_reference; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX requirement_reference ON public.requirement USING btree (reference);


--
-- Name: session_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_account ON public.session USING btree (account_id);


--
-- Name: staff_task_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX staff_task_open ON public.staff_task USING btree (done_at, park_code);


--
-- Name: access access_account; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.access
    ADD CONSTRAINT access_account FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE RESTRICT;


--
-- Name: access access_requirement; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.access
    ADD CONSTRAINT access_requirement FOREIGN KEY (requirement_id) REFERENCES public.requirement(id) ON DELETE RESTRICT;


--
-- Name: account_token account_token_account; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_token
    ADD CONSTRAINT account_token_account FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE RESTRICT;


--
-- Name: consent consent_requirement; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_requirement FOREIGN KEY (requirement_id) REFERENCES public.requirement(id) ON DELETE RESTRICT;


--
-- Name: inquiry inquiry_requirement; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.inquiry
    ADD CONSTRAINT inquiry_requirement FOREIGN KEY (requirement_id) REFERENCES public.requirement(id) ON DELETE RESTRICT;


--
-- Name: lead_event lead_event_lead; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lead_event
    ADD CONSTRAINT lead_event_lead FOREIGN KEY (lead_id) REFERENCES public.lead(id) ON DELETE RESTRICT;


--
-- Name: lead lead_inquiry; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lead
    ADD CONSTRAINT lead_inquiry FOREIGN KEY (inquiry_id) REFERENCES public.inquiry(id) ON DELETE RESTRICT;


--
-- Name: lead lead_owner; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lead
    ADD CONSTRAINT lead_owner FOREIGN KEY (owner_id) REFERENCES public.account(id) ON DELETE RESTRICT;


--
-- Name: outbox_attempt outbox_attempt_outbox; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox_attempt
    ADD CONSTRAINT outbox_attempt_outbox FOREIGN KEY (outbox_id) REFERENCES public.outbox(id) ON DELETE RESTRICT;


--
-- Name: outbox outbox_inquiry; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_inquiry FOREIGN KEY (inquiry_id) REFERENCES public.inquiry(id) ON DELETE RESTRICT;


--
-- Name: outbox outbox_requirement; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_requirement FOREIGN KEY (requirement_id) REFERENCES public.requirement(id) ON DELETE RESTRICT;


--
-- Name: session session_account; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account FOREIGN KEY (account_id) REFERENCES public.account(id) ON DELETE RESTRICT;


--
-- PostgreSQL database dump complete
--


