-- Who could commit directly on a branch that wants approvals would need none.
update branch_rules set push = 'nobody' where required_approvals > 0;
alter table branch_rules add constraint branch_rules_approvals_check check (required_approvals = 0 or push = 'nobody');
