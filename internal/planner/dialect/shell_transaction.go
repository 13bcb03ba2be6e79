package dialect

// work passes over WORK or TRANSACTION.
func (p *parser) work(i int) int {
	if p.oneOf(i, "work", "transaction") {
		i++
	}
	return i
}

// andChain reads AND [NO] CHAIN, if it follows.
func (p *parser) andChain(i int) (bool, int) {
	switch {
	case p.kw(i, "and", "chain"):
		return true, i + 2
	case p.kw(i, "and"):
		return false, p.word(i, "and", "no", "chain")
	}
	return false, i
}

// begin reads BEGIN.
func (p *parser) begin(i int) (Stmt, int) {
	s := &Transaction{Kind: Begin}
	return s, p.transactionModes(p.work(i+1), &s.Modes)
}

// startTransaction reads START TRANSACTION.
func (p *parser) startTransaction(i int) (Stmt, int) {
	s := &Transaction{Kind: StartTransaction}
	return s, p.transactionModes(p.word(i+1, "transaction"), &s.Modes)
}

// commit reads COMMIT, END and COMMIT PREPARED.
func (p *parser) commit(i int) (Stmt, int) {
	s := &Transaction{Kind: Commit}
	if p.kw(i, "commit", "prepared") {
		s.Kind = CommitPrepared
		s.Name, i = p.stringConst(i + 2)
		return s, i
	}
	s.Chain, i = p.andChain(p.work(i + 1))
	return s, i
}

// rollback reads ROLLBACK, ABORT, ROLLBACK TO and ROLLBACK PREPARED.
func (p *parser) rollback(i int) (Stmt, int) {
	s := &Transaction{Kind: Rollback}
	if p.kw(i, "rollback", "prepared") {
		s.Kind = RollbackPrepared
		s.Name, i = p.stringConst(i + 2)
		return s, i
	}
	isRollback := p.kw(i, "rollback")
	i = p.work(i + 1)
	if isRollback && p.kw(i, "to") {
		s.Kind = RollbackTo
		s.Name, i = p.savepointName(i + 1)
		return s, i
	}
	s.Chain, i = p.andChain(i)
	return s, i
}

// savepointName reads [SAVEPOINT] name.
func (p *parser) savepointName(i int) (string, int) {
	if p.kw(i, "savepoint") && p.isColID(i+1) {
		i++
	}
	n, i := p.colID(i)
	return n.Text, i
}

// savepoint reads SAVEPOINT.
func (p *parser) savepoint(i int) (Stmt, int) {
	n, next := p.colID(i + 1)
	return &Transaction{Kind: Savepoint, Name: n.Text}, next
}

// release reads RELEASE.
func (p *parser) release(i int) (Stmt, int) {
	name, next := p.savepointName(i + 1)
	return &Transaction{Kind: ReleaseSavepoint, Name: name}, next
}
