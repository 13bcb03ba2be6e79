package graph

// Pool aggregates the windows of each channel of an argument (axes as in Window.Split), over the elements inside it in ascending
// order: the greatest (NaN if any is), or with Mean their sum divided by their number.
type Pool struct {
	Mean bool
	// CountPads makes Mean divide by the number of elements of the window that are padding or inside.
	CountPads bool
	Kernel    []int
	Window
}

// Name is max_pool or mean_pool.
func (o *Pool) Name() string {
	if o.Mean {
		return "mean_pool"
	}
	return "max_pool"
}

func (o *Pool) attrs() string {
	s := "window=" + dimsString(o.Kernel) + " " + o.text()
	if o.CountPads {
		s += " count_pads"
	}
	return s
}

// Infer keeps the channels. Every window must have an element inside.
func (o *Pool) Infer(args []Type) (Type, error) {
	if err := arity(args, 1); err != nil {
		return Type{}, err
	}
	x := args[0]
	if !x.Elem.IsFloat() || x.Rank() < 2 {
		return Type{}, invalid("argument %s is no channels of floats", x)
	}
	channels, spatial := o.Split(x.Dims)
	dims, err := o.infer(channels, spatial, o.Kernel)
	if err != nil {
		return Type{}, err
	}
	for i, n := range spatial {
		if !o.insideAlong(i, n, o.Kernel[i], dims[i]) {
			return Type{}, invalid("a window of %d elements over padding alone", o.Kernel[i])
		}
	}
	return Type{Elem: x.Elem, Dims: o.Join(channels, dims)}, nil
}
