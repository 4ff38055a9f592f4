"""The stage itself: the clock moves, and what falls due has been received then."""


def test_a_script_is_followed_and_told(stage):
    stage.phone("+254711000000", name="Amina", balance="10.00")
    assert stage.balance("254711000000") == "10.00"
    before = stage.control("GET", "clock")["now"]
    stage.advance("90s")
    assert stage.control("GET", "clock")["now"] > before
    assert len(stage.events("clock.advanced")) == 1
