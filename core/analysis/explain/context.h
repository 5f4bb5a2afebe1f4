#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/explain/walk.h"
#include "core/layers/attention/linear_kernel.h"
#include "core/model/output_head.h"

// What the files of the explainer share; not for others.

namespace lab::explain {

/// A parameter as a matrix [rows, columns] or a vector; empty when the model has none of that name.
struct ParameterView {
    const float* values = nullptr;
    int rows = 0;
    int columns = 1;

    explicit operator bool() const { return values != nullptr; }
    double operator()(int row, int column = 0) const {
        return static_cast<double>(values[static_cast<std::ptrdiff_t>(row) * columns + column]);
    }
    /// 0 without a parameter: no bias.
    double orZero(int row) const { return values ? (*this)(row) : 0.0; }
};

/// Everything a stage's cells look things up in. Immutable; every cell's `explain` holds it.
struct Context {
    std::shared_ptr<const Model> model;  ///< null: numbers without a model
    std::shared_ptr<const Weights> weights;
    NumberSource numbers;
    Question question;

    AttentionBlock block;
    int head = 0, group = 0, query = 0, key = 0;
    int headDim = 0, d = 0, queries = 0, keys = 0;
    AttentionForm form = AttentionForm::qkv;
    bool linear = false;    ///< linear kernel
    bool softmax = true;    ///< false with neither kernel: the scores themselves weigh (examples without a model)
    bool hasScores = true;  ///< false: only weights and values are given
    double scale = 1.0;
    double slope = 0.0;  ///< ALiBi
    bool rope = false;
    bool qkNorm = false;  ///< queries and keys are normalised before any rotation
    bool pre = false;
    std::string layer;                   ///< "encoder.0"
    std::string queryInput, keyInput;    ///< tensors whose rows q, and k and v, are made of
    std::vector<std::string> sublayers;  ///< of the layer: "attention", "cross_attention", "feed_forward"
    int sublayer = 0;                    ///< which of them is the block
    bool later = false;                  ///< of a layer behind the one in hand, whose stages of the way back are in this walk too

    bool sharesKeys() const { return form == AttentionForm::kv || form == AttentionForm::kv_pos; }
    /// Looks up what is read again and again; to be called once when everything above is set.
    void prepare();

    const ModelConfig& config() const { return model->config(); }
    /// Its place among the model's attention blocks, as a CellRef names it.
    int blockOf(const std::string& blockName) const;
    std::string name(const std::string& suffix) const { return block.name + suffix; }
    NumberView tensor(const std::string& suffix) const { return numbers.at(name(suffix)); }
    ParameterView parameter(const std::string& parameterName) const;
    /// Replaced by an intervention.
    bool setByHand(const std::string& tensorName) const;
    bool masked(int j) const;
    bool hasMask() const;
    /// q, k, v after all that is done to them, as the scores see them (linear kernel: before phi).
    double q(int p) const { return m_query(head, query, p); }
    double qOf(int i, int p) const { return m_query(head, i, p); }
    double k(int j, int p) const { return m_key(group, j, p); }
    double v(int j, int p) const { return m_value(group, j, p); }
    /// What the product is made of: q and k, or phi of them.
    double scoreQ(int p) const;
    double scoreK(int j, int p) const;
    double dot(int j) const { return m_dots[static_cast<std::size_t>(j)]; }
    double score(int j) const { return m_scores(head, query, j); }
    double maskedScore(int j) const { return m_masked(head, query, j); }
    double rowMaximum() const { return m_rowMaximum; }
    double exponential(int j) const;  ///< linear kernel: the masked score
    double rowSum() const { return m_rowSum; }
    double weight(int j) const { return m_weights(head, query, j); }
    double weightOf(int i, int j) const { return m_weights(head, i, j); }
    bool hidden(int i, int j) const { return std::isinf(m_masked(head, i, j)); }
    /// Index of a number in a tensor [heads, rows, head_dim].
    std::int64_t place(int ofHead, int rows, int row, int p) const { return (std::int64_t{ofHead} * rows + row) * headDim + p; }
    double output(int p) const { return m_output(head, query, p); }
    /// The keys with the largest weights.
    const std::vector<int>& litKeys() const { return m_lit; }

    /// Before sublayer `level` of the layer (their number: behind the last), row `row` of the residual stream.
    double stream(int level, int row, int c) const;
    /// The tensor that holds it; nothing when it is a sum that no tensor holds (pre-norm).
    std::optional<std::string> streamTensor(int level) const;

    CellRef inputRef(int c) const;
    CellRef keyInputRef(int j, int c) const;
    /// Tensor of the queries or keys as the projection gives them: ".query", ".unrotated_query", ".unnormalised_query".
    std::string projectedTensor(bool ofQuery) const;
    /// Between norm and rotation.
    std::string normalisedTensor(bool ofQuery) const;
    CellRef queryRef(int p) const;
    CellRef keyRef(int j, int p) const;
    CellRef valueRef(int j, int p) const;

private:
    NumberView m_query, m_key, m_value, m_scores, m_masked, m_weights, m_output;
    std::vector<double> m_dots;
    double m_rowMaximum = 0.0, m_rowSum = 0.0;
    std::vector<int> m_lit;
};
using ContextPtr = std::shared_ptr<const Context>;

/// Everything set for a question about a model. Asserts that the question lies inside.
std::shared_ptr<Context> contextOf(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, const NumberSource& numbers,
                                   const Question& question);

double phi(double x);

/// "q_{5,2}"
std::string named(const std::string& symbol, int a);
std::string named(const std::string& symbol, int a, int b);
std::string text(int number);
/// Positions are added to the scores: KV+Pos and ALiBi.
bool hasPositionTerms(const Context& c);
/// Of the score that the softmax gets: s, or s' where positions were added to it.
std::string scoreSymbol(const Context& c);
/// "q", or "q′" where RoPE turned it before it met a key; k likewise.
std::string turned(const Context& c, const std::string& symbol);
/// " + b" where there is one.
std::string plusBias(const ParameterView& bias);

Term product(Operand a, Operand b);
Term single(Operand a);
Term minus(Operand a);
Expression sumOf(std::string name, std::vector<Term> terms, double result);
/// A number that another cell explains.
Expression sameAs(std::string name, Operand origin, const std::string& note = {});
Expression given(std::string name, double value, std::string note);

/// A grid with its numbers filled in from a function of row and column.
Grid makeGrid(std::string id, std::string title, GridStyle style, int rows, int columns, const std::function<double(int, int)>& value);
std::vector<std::string> numbered(const std::string& before, int count);
/// One label a row.
void labelColumns(Grid& grid, std::string what, int count, const std::vector<std::string>& tokens = {});

/// out = W x + b: a grid for x and one for W whose master column is out.
struct LinearSpec {
    std::string id;
    std::string title;
    std::string out;         ///< "q_{5," or "q": the result's symbol
    int outIndex = -1;       ///< first index of the result's name
    std::string weightName;  ///< "W_{Q}"
    std::string inSymbol;    ///< "x"
    int inIndex = -1;
    int rows = 0, columns = 0;
    std::function<double(int)> x;
    std::function<CellRef(int)> xFrom;
    ParameterView weight, bias;
    int firstRow = 0;  ///< of the parameter
    std::function<double(int)> result;
    std::string columnsAre;
    std::string tensor;             ///< which an edit of the result replaces
    std::int64_t tensorOffset = 0;  ///< of the first result in it
    bool setByHand = false;
};
void addLinear(Stage& stage, const LinearSpec& spec);

/// A norm's rows: z, z - mean, / deviation, * gamma + beta (rms: z, / rms, * gamma). The last row is the result.
struct NormSpec {
    std::string stage;  ///< it stands in
    std::string id;
    std::string title;
    std::string symbol;  ///< of the result
    int columns = 0;
    std::function<double(int)> z;
    std::function<CellRef(int)> zFrom;
    std::function<double(int)> result;
    ParameterView gamma, beta;
    NormKind kind = NormKind::layer;
    double epsilon = 0.0;
};
Grid normGrid(const NormSpec& spec);
/// Index of a norm grid's last row.
int lastNormRow(NormKind kind);

// Where the parts of the layer stand in the walk; sublayers are counted from the first of the layer.
std::string residualStage(const Context& c, int sublayer);
std::string normStage(const Context& c, int sublayer);
double sublayerOutput(const Context& c, int sublayer, int row, int column);
/// What the feed-forward reads.
double feedForwardInput(const Context& c, int row, int column);
CellRef feedForwardInputRef(const Context& c, int column);

/// False for an encoder's block in an encoder-decoder: its rows answer through the decoder only.
bool answers(const Context& c);
int layersOfSide(const Context& c);
/// The output head's hidden layer at the answer's position: W x + b, and the norm of it.
std::vector<double> hiddenLinear(const Context& c);
double hiddenNormed(const Context& c, const std::vector<double>& z, int column);

// The parts of the walk, in their order. Each appends its stages.
void addInputStages(Walk& walk, const ContextPtr& c);
void addScoreStages(Walk& walk, const ContextPtr& c);
void addBlockStages(Walk& walk, const ContextPtr& c);
void addAnswerStages(Walk& walk, const ContextPtr& c);
void addBackwardStages(Walk& walk, const ContextPtr& c);
void addUpdateStages(Walk& walk, const ContextPtr& c);

/// The position that answers for the query: the query itself, or of an encoder's query in an encoder-decoder the nearest answer.
int answerPosition(const Context& c);

}  // namespace lab::explain
