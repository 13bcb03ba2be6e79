// Package modelcheck runs cases of the ONNX backend test layout through compiled programs: a folder with model.onnx and folders
// test_data_set_* of input_*.pb and output_*.pb. A model is imported and compiled as one of CREATE MODEL is, its inputs are the
// arguments of a row, each element a column, large ones an array; the results are compared with the expected ones, with the
// tolerances of the suite. What SQL has no type for (u64, sequences as inputs) takes part here all the same.
//
// Inputs whose values determine shapes (a Reshape's shape) are no arguments of a compiled program: they are bound as constants,
// which the report counts.
package modelcheck
