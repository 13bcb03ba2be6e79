package compile

import (
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// sklearnGaps names the pipelines that are refused, and what of them is. docs/models.md lists the same.
var sklearnGaps = map[string]string{
	"GaussianProcessRegressor_dot":           "Add",
	"GaussianProcessRegressor_dot_f64":       "Add",
	"GaussianProcessRegressor_matern":        "Add",
	"GaussianProcessRegressor_matern_f64":    "Add",
	"GaussianProcessRegressor_rational":      "Add",
	"GaussianProcessRegressor_rational_f64":  "Add",
	"GaussianProcessRegressor_rbf":           "Add",
	"GaussianProcessRegressor_rbf_f64":       "Add",
	"GaussianProcessRegressor_sine":          "Add",
	"GaussianProcessRegressor_sine_f64":      "Add",
	"GaussianProcessRegressor_sum":           "Add",
	"GaussianProcessRegressor_sum_f64":       "Add",
	"CategoricalNB":                          "ArrayFeatureExtractor",
	"CategoricalNB_binary":                   "ArrayFeatureExtractor",
	"KNeighborsClassifier_cdist":             "ArrayFeatureExtractor",
	"KNeighborsClassifier_cosine":            "ArrayFeatureExtractor",
	"KNeighborsClassifier_distance":          "ArrayFeatureExtractor",
	"KNeighborsClassifier_euclidean":         "ArrayFeatureExtractor",
	"KNeighborsClassifier_f64":               "ArrayFeatureExtractor",
	"KNeighborsClassifier_manhattan":         "ArrayFeatureExtractor",
	"KNeighborsClassifier_minkowski":         "ArrayFeatureExtractor",
	"KNeighborsClassifier_names":             "ArrayFeatureExtractor",
	"KNeighborsRegressor":                    "ArrayFeatureExtractor",
	"KNeighborsRegressor_cdist":              "ArrayFeatureExtractor",
	"KNeighborsRegressor_distance":           "ArrayFeatureExtractor",
	"KNeighborsRegressor_targets":            "ArrayFeatureExtractor",
	"KNNImputer":                             "Compress",
	"QDA":                                    "Concat",
	"QuantileTransformer_10":                 "Flatten",
	"LocalOutlierFactor":                     "Gather",
	"FeatureHasher":                          "MurmurHash3",
	"OneHotEncoder_int_drop":                 "OneHotEncoder",
	"OneHotEncoder_int_error":                "OneHotEncoder",
	"OneHotEncoder_text_drop":                "OneHotEncoder",
	"OneHotEncoder_text_error":               "OneHotEncoder",
	"BaggingClassifier_logistic":             "Reshape",
	"BaggingRegressor_ridge":                 "Reshape",
	"MultiOutputClassifier":                  "SequenceConstruct",
	"CountVectorizer":                        "StringNormalizer",
	"CountVectorizer_bigrams":                "StringNormalizer",
	"CountVectorizer_binary":                 "StringNormalizer",
	"CountVectorizer_chars":                  "StringNormalizer",
	"TfidfVectorizer":                        "StringNormalizer",
	"TfidfVectorizer_l1":                     "StringNormalizer",
	"TfidfVectorizer_logistic":               "StringNormalizer",
	"TfidfVectorizer_pattern":                "StringNormalizer",
	"AdaBoostClassifier":                     "TreeEnsembleClassifier",
	"AdaBoostClassifier_binary":              "TreeEnsembleClassifier",
	"AdaBoostClassifier_names":               "TreeEnsembleClassifier",
	"BaggingClassifier":                      "TreeEnsembleClassifier",
	"BaggingClassifier_binary":               "TreeEnsembleClassifier",
	"BaggingClassifier_names":                "TreeEnsembleClassifier",
	"CalibratedClassifierCV_forest":          "TreeEnsembleClassifier",
	"ColumnTransformer_ordinal":              "TreeEnsembleClassifier",
	"ColumnTransformer_titanic_forest":       "TreeEnsembleClassifier",
	"DecisionTreeClassifier":                 "TreeEnsembleClassifier",
	"DecisionTreeClassifier_binary":          "TreeEnsembleClassifier",
	"DecisionTreeClassifier_names":           "TreeEnsembleClassifier",
	"ExtraTreeClassifier":                    "TreeEnsembleClassifier",
	"ExtraTreeClassifier_binary":             "TreeEnsembleClassifier",
	"ExtraTreeClassifier_names":              "TreeEnsembleClassifier",
	"ExtraTreesClassifier":                   "TreeEnsembleClassifier",
	"ExtraTreesClassifier_binary":            "TreeEnsembleClassifier",
	"ExtraTreesClassifier_names":             "TreeEnsembleClassifier",
	"GradientBoostingClassifier":             "TreeEnsembleClassifier",
	"GradientBoostingClassifier_binary":      "TreeEnsembleClassifier",
	"GradientBoostingClassifier_names":       "TreeEnsembleClassifier",
	"HistGradientBoostingClassifier":         "TreeEnsembleClassifier",
	"HistGradientBoostingClassifier_binary":  "TreeEnsembleClassifier",
	"HistGradientBoostingClassifier_missing": "TreeEnsembleClassifier",
	"HistGradientBoostingClassifier_names":   "TreeEnsembleClassifier",
	"RandomForestClassifier":                 "TreeEnsembleClassifier",
	"RandomForestClassifier_binary":          "TreeEnsembleClassifier",
	"RandomForestClassifier_f64":             "TreeEnsembleClassifier",
	"RandomForestClassifier_names":           "TreeEnsembleClassifier",
	"AdaBoostRegressor":                      "TreeEnsembleRegressor",
	"BaggingRegressor":                       "TreeEnsembleRegressor",
	"DecisionTreeRegressor":                  "TreeEnsembleRegressor",
	"DecisionTreeRegressor_targets":          "TreeEnsembleRegressor",
	"ExtraTreeRegressor":                     "TreeEnsembleRegressor",
	"ExtraTreesRegressor":                    "TreeEnsembleRegressor",
	"GradientBoostingRegressor":              "TreeEnsembleRegressor",
	"HistGradientBoostingRegressor":          "TreeEnsembleRegressor",
	"IsolationForest":                        "TreeEnsembleRegressor",
	"RandomForestRegressor":                  "TreeEnsembleRegressor",
}

// TestSklearn runs a pipeline of every kind that scikit-learn's converter exports, and compares with ONNX Runtime's outputs and
// with scikit-learn's.
func TestSklearn(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	for _, f := range mltest.Sklearn(t) {
		t.Run(f.Name, func(t *testing.T) {
			if gap, ok := sklearnGaps[f.Name]; ok {
				_, err := registry.Import("m", f.File)
				if sqlstate.Of(err).Code != sqlstate.FeatureNotSupported || !strings.Contains(err.Error(), gap) {
					t.Errorf("it was refused for %s; now: %v", gap, err)
				}
				return
			}
			d.opt.Tier = "fast"
			predicts(t, d, f)
		})
	}
}
