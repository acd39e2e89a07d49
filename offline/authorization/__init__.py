"""May this caller make this AWS call? The request is read, policies.evaluation asked, AWS's answer given."""
