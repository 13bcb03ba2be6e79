package logical

import "github.com/flernd/flernd/internal/storage/sqltype"

// Choice is the model of a call whose row names it: predict(name, …). The call's Args are the name and then the arguments of each
// candidate, which are evaluated for the rows alone that name it. The call's value is the chosen model's first output.
type Choice struct {
	Candidates []Candidate // by name, ascending
	// Refused are the other models that there are, by name, with the reason why they are none.
	Refused []Refusal
	Typ     sqltype.Type // that all candidates' outputs are converted to
}

// Candidate is a model and where its arguments lie in the call's.
type Candidate struct {
	Model    *Model
	From, To int
}

// Refusal is the name of a model that a row must not choose, and why.
type Refusal struct{ Name, Why string }

// sameChoice reports whether two calls with the same arguments choose alike.
func sameChoice(a, b *Choice) bool {
	if len(a.Candidates) != len(b.Candidates) || len(a.Refused) != len(b.Refused) || a.Typ != b.Typ {
		return false
	}
	for i, c := range a.Candidates {
		if o := b.Candidates[i]; !sameModel(c.Model, o.Model) || c.From != o.From || c.To != o.To {
			return false
		}
	}
	return true
}

func sameModel(a, b *Model) bool { return a.ID == b.ID && a.Name == b.Name }
