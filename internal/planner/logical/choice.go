package logical

import (
	"slices"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// Choice is the model of a call whose row names it: predict(name, …). The call's Args are the name and then the arguments of each
// candidate, which are evaluated for the rows alone that name it.
type Choice struct {
	Candidates []Candidate // by name, ascending
	// Refused are the other models that there are, by name, with the reason why they are none.
	Refused []Refusal
	Outputs []ChosenOutput
}

// ChosenOutput is what a call gives: an output of the chosen model.
type ChosenOutput struct {
	Name string       // as the call asks for it, "" for the first
	Of   []int        // by candidate, which of its outputs it is
	Typ  sqltype.Type // that they are all converted to
}

// Same reports whether two outputs of the same candidates are one.
func (o ChosenOutput) Same(p ChosenOutput) bool { return o.Typ == p.Typ && slices.Equal(o.Of, p.Of) }

// Candidate is a model and where its arguments lie in the call's.
type Candidate struct {
	Model    *Model
	From, To int
}

// Refusal is the name of a model that a row must not choose, and why.
type Refusal struct{ Name, Why string }

// sameChoice reports whether two calls with the same arguments choose alike, whatever outputs they give.
func sameChoice(a, b *Choice) bool {
	if len(a.Candidates) != len(b.Candidates) || len(a.Refused) != len(b.Refused) {
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
