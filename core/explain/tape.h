#pragma once

#include <functional>
#include <memory>
#include <vector>

namespace lab::explain {

/// A matrix that remembers how it was made.
struct TapeNode {
    int rows = 0, columns = 0;
    std::vector<double> value, grad;  ///< [rows, columns]
    std::function<void()> back;       ///< adds this node's grad to those it was made of

    double& at(int r, int c) {
        return value[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(c)];
    }
    double& gradAt(int r, int c) {
        return grad[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(c)];
    }
};
using Node = TapeNode*;

/// Reverse-mode differentiation of matrices in double precision, each operation written out: slow, short, and independent of the kernels.
class Tape {
public:
    Node leaf(int rows, int columns, std::vector<double> values);
    Node multiply(Node a, Node b);            ///< a b
    Node multiplyTransposed(Node a, Node b);  ///< a b^T
    Node add(Node a, Node b);
    Node addRow(Node a, Node row);  ///< row [1, columns] or [columns, 1] to each row
    Node scale(Node a, double factor);
    Node product(Node a, Node b);  ///< element by element
    Node columns(Node a, int first, int count);
    Node joined(const std::vector<Node>& parts);  ///< side by side
    Node stacked(const std::vector<Node>& rows);  ///< rows [1, columns] one under the other
    Node rowsOf(Node table, const std::vector<int>& rows);
    Node map(Node a, const std::function<double(double)>& f, const std::function<double(double)>& slope);
    /// These values, as if a were they: the gradient goes to a as it is.
    Node straightThrough(Node a, std::vector<double> values);
    /// A number as [1, 1]; `slope` gets its gradient, and adds to those of what it was made of.
    Node cost(double value, const std::function<void(double)>& slope);
    /// Rows of exp(a - max) / sum; -inf gives 0.
    Node softmax(Node a);
    /// Rows divided by their sum plus epsilon.
    Node divideBySum(Node a, double epsilon);
    /// gamma (a - mean) / deviation + beta, or with `rms` gamma a / root mean square; beta may be null.
    Node norm(Node a, Node gamma, Node beta, bool rms, double epsilon);
    /// Pairs (first, second) of each row turned by angle(row, pair), times `factor`.
    Node rotate(Node a, bool interleaved, const std::function<double(int, int)>& angle, double factor);
    /// KV+Pos: sum_c w_c (a_ij + p(i, j, c)) + b.
    Node positionMap(Node a, Node w, Node b, const std::function<double(int, int, int)>& p);
    /// a where `keep`, `otherwise` elsewhere.
    Node select(Node a, const std::function<bool(int, int)>& keep, double otherwise);
    /// Mean of -ln softmax(a)[target] over rows with target >= 0, as [1, 1].
    Node crossEntropy(Node a, const std::vector<int>& targets);
    /// Mean of (a - t)^2 / 2 over rows with target >= 0 and all columns, as [1, 1]; t [rows, columns].
    Node halfMeanSquare(Node a, const std::vector<int>& targets, const std::vector<double>& t);

    /// Gradients of everything `of` was made of.
    void backward(Node of);

private:
    Node make(int rows, int columns);

    std::vector<std::unique_ptr<TapeNode>> m_nodes;
};

}  // namespace lab::explain
