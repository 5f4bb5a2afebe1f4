#pragma once

#include <string>
#include <vector>

#include "core/explain/statements/statement.h"

// What the rows of statements share: the head in hand as plain matrices, and how numbers are said.

namespace lab::explain {

using Rows = std::vector<std::vector<double>>;  ///< [rows][columns], none of them empty

/// The scene itself, or with a small untrained model where it has none or lacks its weights.
StatementScene completed(const StatementScene& scene);
bool isOpen(const StatementScene& scene);

const AttentionBlock& blockOf(const StatementScene& scene);
/// "Numbers of this model: encoder.0.attention, head 1."
Words whoseNumbers(const StatementScene& given, const StatementScene& completed);

/// One matrix [rows, columns] of a tensor [heads, rows, columns].
Rows rowsOf(const NumberView& tensor, int head);
struct HeadRows {
    Rows query, key, value, scores, weights;  ///< behind the rotation, if there is one
};
HeadRows headRows(const StatementScene& scene, int head);

/// The trace of this input, with what the program can say of it.
std::shared_ptr<const Trace> traced(const StatementScene& scene, const Input& input);
/// scene.other, or the tokens backwards.
Input otherInput(const StatementScene& scene);
bool hasTargets(const Input& input);
/// The input's targets, -1 where there is none; of an input without any, what the logits answer.
std::vector<int> wantedClasses(const Input& input, const NumberView& logits);
/// What cross-entropy, which takes a log-softmax itself, says of one row.
double crossEntropy(const std::vector<double>& logits, int wanted);
/// Mean of -ln p over the targets of the scene's input; without any, of the classes that `own` answers. Of a model that answers numbers
/// half the mean square of what it misses of these.
double lossOf(const StatementScene& scene, const Trace& trace, const Trace& own);
/// Of models that answer classes.
bool answersClasses(const ModelConfig& model);

double dot(const std::vector<double>& a, const std::vector<double>& b);
double cosine(const std::vector<double>& a, const std::vector<double>& b);
std::vector<double> softmaxOf(const std::vector<double>& scores);
double sumOf(const std::vector<double>& values);
double largestDifference(const Rows& a, const Rows& b);

/// "[0.8668, 0.1173, 0.0159]"
std::string listText(const std::vector<double>& values, int digits = 4);
std::string numberText(double value, int digits = 4);
/// Of a count.
std::string wholeText(double value);
/// "0", "1.2e\u22127" as rounding leaves it, "4.0 \u00B7 10^{16}".
std::string smallText(double value);

/// A head's weights: shares, or of any size and sign.
CellsDrawing weightCells(const StatementScene& scene, Words title, const NumberView& weights, Tone tone);
CellsDrawing cells(Words title, const Rows& rows, bool shares, Tone tone = Tone::plain, int digits = 2);

}  // namespace lab::explain
