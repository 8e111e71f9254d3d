from tests.invites.scene import ready
def test_smoke(house):
    s=ready(house); s.send()
    print(s.secret(), s.events(), s.onboarding().status)
    c=house.client()
    r=c.get(f"/i/{s.secret()}"); print(r.status_code, r.text[:3000]); print(s.events())
    c=s.started(); r=c.get("/portal/account"); print(r.status_code, r.text)
    r=c.post("/portal/account"); print(r.status_code, r.headers["Location"])
    r=c.get("/portal/profile"); print(r.status_code, r.text[:200])
    print(s.events())
