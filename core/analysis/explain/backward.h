#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/analysis/explain/context.h"

// What the stages of the way back share; not for others.

namespace lab::explain {

/// "∂y": short for the derivative of the loss by y.
std::string d(const std::string& symbol);

/// in = W^T out, backward: how much the loss grows with what a matrix read, from how much it grows with what the matrix gave.
struct TransposedSpec {
    std::string stage, id, title;
    std::string result;            ///< "∂f": symbol of what the matrix read
    std::string given;             ///< "∂y": symbol of what it gave
    std::string weightName;        ///< "W_{down}"
    int rows = 0, columns = 0;     ///< of the grid: what the matrix read, what it gave
    std::function<double(int)> g;  ///< [columns]
    std::function<CellRef(int)> gFrom;
    ParameterView weight;
    int firstRow = 0;                  ///< of the parameter: the row of column 0
    std::function<double(int)> value;  ///< [rows]; empty: computed
    std::string columnsAre;
    bool asRow = false;  ///< the result alone, in a row, without the matrix

    double computed(int row) const;
    double at(int row) const { return value ? value(row) : computed(row); }
    Expression expression(int row) const;
    CellRef resultRef(int row) const { return asRow ? CellRef{stage, id, 0, row} : CellRef{stage, id, row, masterColumn}; }
};
/// Two grids: the gradient in hand (id + "_in") and the matrix, transposed, whose master column is the result. As a row: one.
void addTransposed(Stage& stage, const TransposedSpec& spec);

/// dW = sum over positions of out x in^T, with the bias's gradient as lead.
struct MatrixGradientSpec {
    std::string id, title;
    std::string weightName;  ///< "W_{down}"
    std::string parameter;   ///< "encoder.0.feed_forward.down"
    std::string given;       ///< "∂y"
    std::string input;       ///< "f"
    int positions = 0;
    std::function<double(int i, int row)> g;     ///< gradient of what the matrix gave
    std::function<double(int i, int column)> x;  ///< what it read
    std::function<CellRef(int i, int row)> gFrom;
    std::function<CellRef(int i, int column)> xFrom;
};
void addMatrixGradient(Stage& stage, const ContextPtr& c, const MatrixGradientSpec& spec);
/// Where a matrix's gradient is largest.
CellRef largestOf(const Stage& stage, const std::string& grid);

/// A norm backward: dz = (g - mean g - n mean(g n)) / sigma with g = gamma dx'; rms without the first mean.
struct NormBackwardSpec {
    std::string stage, title;
    std::string given;      ///< "∂x′"
    std::string result;     ///< empty: "∂z"; a part of it where z went straight on as well
    std::string parameter;  ///< "encoder.0.attention_norm"; its gradients are shown where `positions` > 0
    int row = 0;            ///< position in hand
    int columns = 0, positions = 0;
    std::function<double(int i, int column)> in, z;
    std::function<CellRef(int column)> inFrom, normedFrom;
    CellRef deviationFrom;
    std::function<double(int column)> value;  ///< empty: computed
    NormKind kind = NormKind::layer;
    double epsilon = 0.0;
};
/// Rows of the grid "norm" that addNormBackward makes.
enum NormBackwardRow { givenRow, scaledRow, normedRow, productRow, centredRow, normResultRow };
/// Gives what reaches z.
std::vector<double> addNormBackward(Stage& stage, const ContextPtr& c, const NormBackwardSpec& spec);

/// What comes back through a part of the model, and where each of its numbers is explained.
struct Through {
    std::vector<double> values;
    std::function<CellRef(int column)> from;
};

/// Formula and sentence of a stage that passes a norm, from the gradient of what it gave to that of what it read.
void sayNormBackward(Stage& stage, NormKind kind, const std::string& given, const std::string& result);
/// Pre-norm: the part of a row's gradient that comes through the norm.
inline const std::string throughNorm = "via x";

/// From the logits back to the end of the last layer.
void addHeadBackwardStages(Walk& walk, const ContextPtr& c);
/// Back through the layers behind the one in hand, the last one first; of an encoder that a decoder reads, first out of the decoder's
/// cross-attentions.
void addLaterBackwardStages(Walk& walk, const ContextPtr& c);
/// From the layer's end back to the output of the attention block in hand.
void addBlockBackwardStages(Walk& walk, const ContextPtr& c);
/// Where the gradient of the layer's end, and of the attention's output, is explained.
CellRef layerEndRef(const Context& c, int column);
CellRef attentionOutputRef(const Context& c, int column);
/// Where it is explained what reaches the row that the output head reads, and the row that the decoder reads.
CellRef headEndRef(const Context& c, int column);
CellRef memoryEndRef(const Context& c, int column);

}  // namespace lab::explain
