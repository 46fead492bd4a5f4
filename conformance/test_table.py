"""Every row of the table, for each proxy."""


def test_row(proxy, row, observations, recorder):
    """The proxy does what is written down for it."""
    observed = observations.get(proxy, row)
    if recorder is not None and proxy == "chp":
        recorder[row.area].setdefault(row.case.name, {})
        recorder[row.area][row.case.name] = {"chp": observed} | {
            k: v for k, v in recorder[row.area][row.case.name].items() if k == "jove"}
        return
    expected = row.expected(proxy)
    assert expected is not None, f"nothing is written down in expected/{row.area}.txt; observed:\n{observed}"
    assert observed == expected
