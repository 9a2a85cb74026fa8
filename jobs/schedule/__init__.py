"""The schedule: which job runs when, once each time however many schedulers there are."""
