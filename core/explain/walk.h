#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/message.h"
#include "core/config/experiment.h"
#include "core/explain/numbers.h"
#include "core/model/model.h"

// One query of one head, opened: the ordered stages from its input row to the loss and back, every number with the expression it comes
// from. Formulas are written with _{} for what stands low and ^{} for what stands high.

namespace lab::explain {

/// What a person reads: a sentence (LAB_TEXT), or symbols, names and formulas, which are the same in every language.
class Words : public Message {
public:
    Words() = default;
    Words(Message message) : Message(std::move(message)) {}                // NOLINT(google-explicit-constructor)
    Words(SourceText source) : Message(source) {}                          // NOLINT(google-explicit-constructor)
    Words(std::string symbols) : Message(verbatim(std::move(symbols))) {}  // NOLINT(google-explicit-constructor)
    Words(const char* symbols) : Message(verbatim(symbols)) {}             // NOLINT(google-explicit-constructor)
};

/// Columns of a grid that are not among its cells.
constexpr int masterColumn = -1;  ///< the row's result, at the right
constexpr int leadColumn = -2;    ///< what every row starts with, at the left

/// A number of a walk. Operands of other queries, keys, blocks or heads say with which of them in hand the cell shows that number (-1: the
/// present one).
struct CellRef {
    std::string stage;
    std::string grid;
    int row = 0;
    int column = 0;
    int query = -1;
    int key = -1;
    int block = -1;
    int head = -1;

    bool operator==(const CellRef&) const = default;
};

/// One number of an expression and, unless `from` is empty, the cell that explains it.
struct Operand {
    double value = 0.0;
    Words name = {};
    CellRef from = {};

    bool hasOrigin() const { return !from.stage.empty(); }
};

/// A product of operands, added or subtracted.
struct Term {
    std::vector<Operand> factors;
    bool minus = false;

    double value() const;
};

/// What is done with the terms. `power` is the first to the second. `mean` and `deviation` (root of the mean plus epsilon) divide by their
/// number; silu is of the first term times the second.
enum class Operation {
    given,
    sum,
    quotient,
    exponential,
    maximum,
    negativeLog,
    mean,
    deviation,
    root,
    relu,
    gelu,
    geluTanh,
    quickGelu,
    reluSquared,
    siluProduct,
    eluPlusOne,
    silu,
    reluSlope,
    geluSlope,
    geluTanhSlope,
    quickGeluSlope,
    reluSquaredSlope,
    siluSlope,
    eluSlope,
    hyperbolicTangent,
    logistic,
    power
};

/// How one number comes about.
struct Expression {
    Words name;  ///< "o_{5,2}"
    Operation operation = Operation::given;
    std::vector<Term> terms;
    double result = 0.0;
    double epsilon = 0.0;               ///< deviation; added to a quotient's divisor
    Words note = {};                    ///< given: where it comes from, in words
    std::optional<double> before = {};  ///< what the result was: written with as many digits as tell them apart
};

enum class GridStyle {
    values,   ///< signed, on the diverging scale around 0
    weights,  ///< 0 .. 1 on the sequential scale
    faders,   ///< weights, drawn as faders too
    plain,    ///< numbers only
    marks,    ///< 1 = may be seen, -inf = hidden: signs instead of numbers
};

/// A matrix of cells. Rows lead from left to right to a result in the master column, or the rows follow from one another downwards.
struct Grid {
    std::string id;
    Words title;
    GridStyle style = GridStyle::values;
    int rows = 0;
    int columns = 0;
    std::vector<double> values;  ///< [rows, columns]; -inf = masked, NaN = nothing there
    std::vector<Words> rowLabels;
    std::vector<std::string> columnLabels;  ///< empty: those of the grid above
    std::vector<std::string> columnTokens;
    Words columnsAre;  ///< "key j"
    Words leadLabel;
    std::vector<double> lead;  ///< [rows] or empty
    Words masterLabel;
    std::vector<double> master;  ///< [rows] or empty
    std::vector<int> litColumns;
    int litRow = -1;           ///< the row in hand of a grid over all queries
    bool current = false;      ///< the operation of the stage happens here
    bool matrix = false;       ///< each row's result, or without results each cell, is a sum of products
    double largest = 0.0;      ///< end of the colour scale; 0 = the grid's own
    bool tellsChange = false;  ///< the first row becomes the last: written with as many digits as tell them apart
    bool rowScales = false;    ///< rows of different quantities: each has its own colour scale and digits
    std::string tensor;        ///< of the trace, which an edit ("own numbers") replaces; empty: nothing here is to be edited
    /// Where in that tensor a cell's number lies; negative when it is not to be edited.
    std::function<std::int64_t(int row, int column)> place;
    /// What is put there when the hand sets a cell to `value`; empty: the value.
    std::function<double(int row, int column, double value)> stored;
    double reach = 0.0;  ///< of signed numbers that the hand sets with faders, which go from -reach to reach; 0: no faders
    std::function<Expression(int row, int column)> explain;

    double at(int row, int column) const;
};

/// Which query heads read which key-value head, to be drawn.
struct HeadSharing {
    int heads = 0;
    int kvHeads = 0;
    int head = 0;  ///< in hand

    int group(int ofHead) const { return ofHead / (heads / kvHeads); }
};

/// One step of the walk.
struct Stage {
    std::string id = {};
    Words symbol = {};   ///< "q · k"
    Words caption = {};  ///< "every key"
    Words heading = {};
    Words formula = {};
    Words text = {};
    std::vector<Words> notes = {};  ///< what is special in this form: mask, groups, shared keys
    CellRef result = {};            ///< the cell that stands in the formula until another is pointed at
    std::string group = {};         ///< stages that belong together in the list: "encoder.2"
    std::string part = {};          ///< of the block, as blockParts names it; empty: of none
    std::optional<HeadSharing> sharing = {};
    std::vector<Grid> grids = {};
    bool backward = false;
    bool rowDesk = false;  ///< one column per key through all operations

    const Grid* find(const std::string& grid) const;
};

/// What the walk is about and what it needs to know beside the numbers.
struct Question {
    int block = 0;
    int head = 0;
    int query = 0;
    int key = 0;  ///< whose k and v are opened
    Input input;
    std::vector<std::string> queryTokens, keyTokens, classNames;  ///< as people read them
    std::vector<std::string> sourceTokens, targetTokens;          ///< encoder-decoder: of the blocks that are not in hand
    std::vector<std::string> slotNames;                           ///< of a bottleneck between them
    OptimizerConfig optimizer;
    double learningRate = 0.0;   ///< of the next step
    AnswerCost answerCost = {};  ///< what the training, and so the gradients, add to the loss
    double clipNorm = 0.0;
    std::vector<std::string> frozen;  ///< training.frozen
    int adapterRank = 0;              ///< training.adapters.rank: more than 0, and adapters alone are trained
    bool keepZeros = false;           ///< training.keep_zeros
    /// The optimizer's own at this step, in the layout's order; null: unknown, as if it began here. The second is null for sgd.
    std::shared_ptr<const Weights> firstMoment, secondMoment;
    std::int64_t step = 0;        ///< steps done, with the moments
    std::int64_t shownStep = -1;  ///< of the numbers, where the moments are of an earlier step; -1: the same
};

struct Walk {
    std::vector<Stage> stages;
    int query = 0;
    int key = 0;
    int answer = -1;  ///< the position whose logits the walk explains; -1: there are none
    bool hasBackward = false;
    Words whyNoBackward;

    const Stage* find(const std::string& stage) const;
    /// Null when there is no such cell.
    const Grid* grid(const CellRef& cell) const;
    /// Of a cell that is there.
    Expression explain(const CellRef& cell) const;
};

/// A part of the block, from its input to the logits.
struct BlockPart {
    std::string id;
    Words symbol;
    Words name;
    int forward = -1;   ///< its first stage on the way forward; -1: none
    int backward = -1;  ///< and on the way back
};
/// Those that the walk has stages of, in the order of the way forward.
std::vector<BlockPart> blockParts(const Walk& walk);

/// The walk of a head of a model; `numbers` is its Trace, with gradients for the way back, or a twin's. Asserts that the question lies
/// inside.
Walk buildWalk(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, const NumberSource& numbers,
               const Question& question);

/// What an operation makes of its terms.
double apply(Operation operation, const std::vector<double>& terms, double epsilon);
/// What an expression gives when it is computed from its terms.
double evaluate(const Expression& expression);

/// "o_{5,2} = 0.593 · (−0.19) + 13 small terms, together −0.109 = −0.203", of which the last part is apart. At most `shown` terms are
/// written out, the largest first; `digits` after the point, more for small numbers.
struct ExpressionText {
    Words left;
    std::string result;
};
ExpressionText expressionText(const Expression& expression, std::size_t shown, int digits = 3);

/// `digits`, or so many more that a number and what it was read differently.
int digitsApart(const Expression& expression, int digits);
constexpr int mostDigitsApart = 9;  ///< a float has no more

/// A number for people with a true minus: fixed decimals, significant ones when it is too small for them.
std::string shownNumber(double value, int digits);
/// Whether each term from `shown` on in this order is small beside the largest of all: only then it may be called so.
bool smallFrom(const std::vector<Term>& terms, const std::vector<std::size_t>& order, std::size_t shown);

}  // namespace lab::explain
