"""Who may send: policy documents, exact decisions, findings and reports."""
