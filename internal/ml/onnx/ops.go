package onnx

// operators maps an operator set's domain and an operator's name to its import. What is not here is unsupported.
var operators map[string]map[string]func(*node)

func init() { // not where it is declared: operators with subgraphs look in it
	operators = map[string]map[string]func(*node){
		"": {
			// linear.go
			"Gemm": gemm, "MatMul": matMul,
			// matmul.go
			"MatMulInteger": matMulInteger, "Einsum": einsum,
			// bits.go
			"BitwiseAnd": bitwise, "BitwiseOr": bitwise, "BitwiseXor": bitwise, "BitwiseNot": bitwiseNot, "BitShift": bitShift, "BitCast": bitCast,
			"IsInf": isInf,
			// cumulative.go
			"CumSum": cumulative, "CumProd": cumulative, "Hardmax": hardmax,
			// loss.go
			"NegativeLogLikelihoodLoss": negativeLogLikelihood, "SoftmaxCrossEntropyLoss": softmaxCrossEntropy,
			// quantize.go
			"QuantizeLinear": quantizeLinear, "DequantizeLinear": dequantizeLinear, "DynamicQuantizeLinear": dynamicQuantizeLinear,
			"QLinearMatMul": qLinearMatMul,
			// standardise.go
			"RMSNormalization": rmsNormalization, "InstanceNormalization": instanceNormalization, "GroupNormalization": groupNormalization,
			"MeanVarianceNormalization": meanVarianceNormalization, "LRN": lrn,
			"Shrink": shrink, // activation.go
			// conv.go
			"Conv": conv, "ConvTranspose": convTranspose, "ConvInteger": convInteger, "QLinearConv": qLinearConv,
			// pool.go
			"MaxPool": maxPool, "AveragePool": averagePool, "LpPool": lpPool, "GlobalAveragePool": globalPool, "GlobalMaxPool": globalPool,
			// recurrent.go
			"RNN": recurrent, "GRU": recurrent, "LSTM": recurrent,
			// resize.go
			"Resize": resize, "Upsample": upsample,
			// attention.go
			"Attention": attention, "RotaryEmbedding": rotaryEmbedding,
			// attention_linear.go
			"LinearAttention": linearAttention, "CausalConvWithState": causalConv,
			"Col2Im":        col2Im,        // col2im.go
			"Det":           det,           // det.go
			"MaxUnpool":     maxUnpool,     // unpool.go
			"TensorScatter": tensorScatter, // tensor_scatter.go
			"RoiAlign":      roiAlign,      // roi.go
			"DeformConv":    deformConv,    // deform.go
			// unique.go
			"Unique": unique, "NonZero": nonZero,
			// fourier.go
			"DFT": dft, "STFT": stft, "MelWeightMatrix": melWeightMatrix,
			// grid.go
			"GridSample": gridSample, "AffineGrid": affineGrid,
			// fill.go
			"Size": size, "Range": rangeOf, "Trilu": trilu, "EyeLike": eyeLike, "OneHot": oneHot, "HannWindow": window,
			"HammingWindow": window, "BlackmanWindow": window,
			// pad.go
			"Pad": pad, "CenterCropPad": centerCropPad,
			// scatter.go
			"GatherElements": gatherElements, "ScatterElements": scatterElements, "Scatter": scatterElements, "ScatterND": scatterND,
			"Compress": compress, "ReverseSequence": reverseSequence, "DepthToSpace": depthToSpace, "SpaceToDepth": spaceToDepth,
			// elementwise.go
			"Add": arithmetic, "Sub": arithmetic, "Mul": arithmetic, "Div": arithmetic, "Pow": arithmetic, "Mod": modulo,
			"Min": variadic, "Max": variadic, "Sum": variadic, "Mean": variadic,
			"Abs": elementwise, "Neg": elementwise, "Sign": elementwise, "Exp": elementwise, "Log": elementwise,
			"Sqrt": elementwise, "Floor": elementwise, "Ceil": elementwise, "Round": elementwise, "Erf": elementwise,
			"Sin": elementwise, "Cos": elementwise, "Tan": elementwise, "Asin": elementwise, "Acos": elementwise, "Atan": elementwise,
			"Sinh": elementwise, "Cosh": elementwise, "Asinh": elementwise, "Acosh": elementwise, "Atanh": elementwise, "Reciprocal": reciprocal, "Clip": clip,
			// activation.go
			"Relu": elementwise, "Tanh": elementwise, "Sigmoid": elementwise, "Softplus": elementwise,
			"LeakyRelu": leakyRelu, "Elu": elu, "Selu": selu, "Celu": celu, "PRelu": prelu, "ThresholdedRelu": thresholdedRelu,
			"Softsign": softsign, "HardSigmoid": hardSigmoid, "HardSwish": hardSwish, "Gelu": gelu, "Mish": mish, "Swish": swish,
			// logic.go
			"Equal": comparison, "Less": comparison, "LessOrEqual": comparison, "Greater": comparison,
			"GreaterOrEqual": comparison, "And": logic, "Or": logic, "Xor": logic, "Not": elementwise, "IsNaN": elementwise,
			"Where": where,
			// lastaxis.go
			"Softmax": softmax, "LogSoftmax": softmax, "ArgMax": argExtreme, "ArgMin": argExtreme,
			// near.go
			"TopK": topK,
			// branch.go, loop.go
			"If": ifElse, "Loop": loop, "Scan": scan,
			// sequence.go
			"SequenceEmpty": sequenceEmpty, "SequenceConstruct": sequenceConstruct, "SequenceAt": sequenceAt, "SequenceInsert": sequenceInsert,
			"SequenceErase": sequenceErase, "SequenceLength": sequenceLength, "SplitToSequence": splitToSequence,
			"ConcatFromSequence": concatFromSequence, "SequenceMap": sequenceMap, "Optional": optional,
			"OptionalHasElement": optionalHasElement, "OptionalGetElement": optionalGetElement,
			// reduce.go
			"ReduceSum": reduce, "ReduceMean": reduce, "ReduceMax": reduce, "ReduceMin": reduce, "ReduceProd": reduce,
			"ReduceL1": reduce, "ReduceL2": reduce, "ReduceSumSquare": reduce, "ReduceLogSum": reduce, "ReduceLogSumExp": reduce,
			// normalize.go
			"BatchNormalization": batchNormalization, "LayerNormalization": layerNormalization, "LpNormalization": lpNormalization,
			// constant.go
			"Constant": constant, "ConstantOfShape": constantOfShape, "Shape": shape, "Cast": cast, "CastLike": castLike,
			"Identity": identity, "Dropout": dropout,
			// shape.go
			"Reshape": reshape, "Flatten": flatten, "Squeeze": squeeze, "Unsqueeze": unsqueeze, "Transpose": transpose,
			"Expand": expand, "Tile": tile,
			// text.go
			"StringNormalizer": stringNormalizer, "StringConcat": stringConcat, "StringSplit": stringSplit, "RegexFullMatch": regexFullMatch,
			"TfIdfVectorizer": tfIdfVectorizer, // vectorize.go
			// move.go
			"Concat": concat, "Slice": slice, "Gather": gather, "GatherND": gatherND, "Split": split,
		},
		"ai.onnx.preview": {
			"FlexAttention": flexAttention, // attention_flex.go
		},
		"ai.onnx.preview.training": {
			"Adagrad": adagrad, "Adam": adam, "Momentum": momentum, // training.go
		},
		"com.microsoft": {
			"CDist": cdist, // near.go
			// text.go
			"Tokenizer": tokenizer, "MurmurHash3": murmurHash,
		},
		mlDomain: {
			// ml_linear.go
			"LinearRegressor": linearRegressor, "LinearClassifier": linearClassifier,
			// ml_scale.go
			"Scaler": scaler, "Normalizer": normalizer, "Imputer": imputer, "Binarizer": binarizer,
			// ml_feature.go
			"FeatureVectorizer": featureVectorizer, "ArrayFeatureExtractor": arrayFeatureExtractor, "ZipMap": zipMap,
			// ml_encode.go
			"LabelEncoder": labelEncoder, "CategoryMapper": categoryMapper, "OneHotEncoder": oneHotEncoder,
			// ml_tree.go, ml_tree_classifier.go, ml_tree_v5.go
			"TreeEnsembleRegressor": treeRegressor, "TreeEnsembleClassifier": treeClassifier, "TreeEnsemble": treeEnsemble,
			// ml_svm.go
			"SVMClassifier": svmClassifier, "SVMRegressor": svmRegressor,
		},
	}
}
