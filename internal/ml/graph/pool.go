package graph

// Pool aggregates the windows of each channel of an argument [channels, spatial…], over the elements inside it in ascending
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
	dims, err := o.infer(spatial, o.Kernel)
	if err != nil {
		return Type{}, err
	}
	for i, n := range spatial {
		// The first window's last element, and the first element of the last one that is not before the axis.
		step, reach := o.Dilations[i], o.Dilations[i]*(o.Kernel[i]-1)
		last := (dims[i]-1)*o.Strides[i] - o.Begin[i]
		if last < 0 {
			last += (-last + step - 1) / step * step
		}
		if reach < o.Begin[i] || last >= n || last > (dims[i]-1)*o.Strides[i]-o.Begin[i]+reach {
			return Type{}, invalid("a window of %d elements over padding alone", o.Kernel[i])
		}
	}
	return Type{Elem: x.Elem, Dims: o.Join(channels, dims)}, nil
}
