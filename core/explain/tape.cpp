#include "core/explain/tape.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace lab::explain {

Node Tape::make(int rows, int columns) {
    auto node = std::make_unique<TapeNode>();
    node->rows = rows;
    node->columns = columns;
    node->value.assign(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns), 0.0);
    node->grad = node->value;
    m_nodes.push_back(std::move(node));
    return m_nodes.back().get();
}

Node Tape::leaf(int rows, int columns, std::vector<double> values) {
    Node y = make(rows, columns);
    assert(values.size() == y->value.size());
    y->value = std::move(values);
    return y;
}

Node Tape::multiply(Node a, Node b) {
    assert(a->columns == b->rows);
    Node y = make(a->rows, b->columns);
    for (int i = 0; i < a->rows; ++i)
        for (int k = 0; k < a->columns; ++k)
            for (int j = 0; j < b->columns; ++j) y->at(i, j) += a->at(i, k) * b->at(k, j);
    y->back = [=] {
        for (int i = 0; i < a->rows; ++i)
            for (int k = 0; k < a->columns; ++k)
                for (int j = 0; j < b->columns; ++j) {
                    a->gradAt(i, k) += y->gradAt(i, j) * b->at(k, j);
                    b->gradAt(k, j) += y->gradAt(i, j) * a->at(i, k);
                }
    };
    return y;
}

Node Tape::multiplyTransposed(Node a, Node b) {
    assert(a->columns == b->columns);
    Node y = make(a->rows, b->rows);
    for (int i = 0; i < a->rows; ++i)
        for (int j = 0; j < b->rows; ++j)
            for (int k = 0; k < a->columns; ++k) y->at(i, j) += a->at(i, k) * b->at(j, k);
    y->back = [=] {
        for (int i = 0; i < a->rows; ++i)
            for (int j = 0; j < b->rows; ++j)
                for (int k = 0; k < a->columns; ++k) {
                    a->gradAt(i, k) += y->gradAt(i, j) * b->at(j, k);
                    b->gradAt(j, k) += y->gradAt(i, j) * a->at(i, k);
                }
    };
    return y;
}

Node Tape::add(Node a, Node b) {
    Node y = make(a->rows, a->columns);
    for (std::size_t i = 0; i < y->value.size(); ++i) y->value[i] = a->value[i] + b->value[i];
    y->back = [=] {
        for (std::size_t i = 0; i < y->grad.size(); ++i) {
            a->grad[i] += y->grad[i];
            b->grad[i] += y->grad[i];
        }
    };
    return y;
}

Node Tape::addRow(Node a, Node row) {
    Node y = make(a->rows, a->columns);
    const std::size_t n = row->value.size();
    for (std::size_t i = 0; i < y->value.size(); ++i) y->value[i] = a->value[i] + row->value[i % n];
    y->back = [=] {
        for (std::size_t i = 0; i < y->grad.size(); ++i) {
            a->grad[i] += y->grad[i];
            row->grad[i % n] += y->grad[i];
        }
    };
    return y;
}

Node Tape::scale(Node a, double factor) {
    return map(
        a, [factor](double x) { return x * factor; }, [factor](double) { return factor; });
}

Node Tape::product(Node a, Node b) {
    Node y = make(a->rows, a->columns);
    for (std::size_t i = 0; i < y->value.size(); ++i) y->value[i] = a->value[i] * b->value[i];
    y->back = [=] {
        for (std::size_t i = 0; i < y->grad.size(); ++i) {
            a->grad[i] += y->grad[i] * b->value[i];
            b->grad[i] += y->grad[i] * a->value[i];
        }
    };
    return y;
}

Node Tape::columns(Node a, int first, int count) {
    Node y = make(a->rows, count);
    for (int r = 0; r < a->rows; ++r)
        for (int c = 0; c < count; ++c) y->at(r, c) = a->at(r, first + c);
    y->back = [=] {
        for (int r = 0; r < a->rows; ++r)
            for (int c = 0; c < count; ++c) a->gradAt(r, first + c) += y->gradAt(r, c);
    };
    return y;
}

Node Tape::joined(const std::vector<Node>& parts) {
    int width = 0;
    for (Node part : parts) width += part->columns;
    Node y = make(parts.front()->rows, width);
    const auto each = [parts](const auto& act) {
        int first = 0;
        for (Node part : parts) {
            for (int r = 0; r < part->rows; ++r)
                for (int c = 0; c < part->columns; ++c) act(part, r, c, first + c);
            first += part->columns;
        }
    };
    each([y](Node part, int r, int c, int to) { y->at(r, to) = part->at(r, c); });
    y->back = [=] { each([y](Node part, int r, int c, int to) { part->gradAt(r, c) += y->gradAt(r, to); }); };
    return y;
}

Node Tape::stacked(const std::vector<Node>& rows) {
    const int n = static_cast<int>(rows.size());
    Node y = make(n, rows.front()->columns);
    for (int r = 0; r < n; ++r)
        for (int c = 0; c < y->columns; ++c) y->at(r, c) = rows[static_cast<std::size_t>(r)]->at(0, c);
    y->back = [=] {
        for (int r = 0; r < n; ++r)
            for (int c = 0; c < y->columns; ++c) rows[static_cast<std::size_t>(r)]->gradAt(0, c) += y->gradAt(r, c);
    };
    return y;
}

Node Tape::rowsOf(Node table, const std::vector<int>& rows) {
    const int n = static_cast<int>(rows.size());
    Node y = make(n, table->columns);
    for (int r = 0; r < n; ++r)
        for (int c = 0; c < table->columns; ++c) y->at(r, c) = table->at(rows[static_cast<std::size_t>(r)], c);
    y->back = [=] {
        for (int r = 0; r < n; ++r)
            for (int c = 0; c < table->columns; ++c) table->gradAt(rows[static_cast<std::size_t>(r)], c) += y->gradAt(r, c);
    };
    return y;
}

Node Tape::map(Node a, const std::function<double(double)>& f, const std::function<double(double)>& slope) {
    Node y = make(a->rows, a->columns);
    std::transform(a->value.begin(), a->value.end(), y->value.begin(), f);
    y->back = [=] {
        for (std::size_t i = 0; i < y->grad.size(); ++i) a->grad[i] += y->grad[i] * slope(a->value[i]);
    };
    return y;
}

Node Tape::straightThrough(Node a, std::vector<double> values) {
    Node y = leaf(a->rows, a->columns, std::move(values));
    y->back = [=] {
        for (std::size_t i = 0; i < y->grad.size(); ++i) a->grad[i] += y->grad[i];
    };
    return y;
}

Node Tape::cost(double value, const std::function<void(double)>& slope) {
    Node y = leaf(1, 1, {value});
    y->back = [=] { slope(y->grad[0]); };
    return y;
}

Node Tape::softmax(Node a) {
    Node y = make(a->rows, a->columns);
    for (int r = 0; r < a->rows; ++r) {
        double largest = -INFINITY, sum = 0.0;
        for (int c = 0; c < a->columns; ++c) largest = std::max(largest, a->at(r, c));
        if (std::isinf(largest)) continue;  // nothing may be seen
        for (int c = 0; c < a->columns; ++c) sum += y->at(r, c) = std::exp(a->at(r, c) - largest);
        for (int c = 0; c < a->columns; ++c) y->at(r, c) /= sum;
    }
    y->back = [=] {
        for (int r = 0; r < a->rows; ++r) {
            double mean = 0.0;
            for (int c = 0; c < a->columns; ++c) mean += y->at(r, c) * y->gradAt(r, c);
            for (int c = 0; c < a->columns; ++c) a->gradAt(r, c) += y->at(r, c) * (y->gradAt(r, c) - mean);
        }
    };
    return y;
}

Node Tape::divideBySum(Node a, double epsilon) {
    Node y = make(a->rows, a->columns);
    std::vector<double> sums;
    for (int r = 0; r < a->rows; ++r) {
        double sum = epsilon;
        for (int c = 0; c < a->columns; ++c) sum += a->at(r, c);
        for (int c = 0; c < a->columns; ++c) y->at(r, c) = a->at(r, c) / sum;
        sums.push_back(sum);
    }
    y->back = [=] {
        for (int r = 0; r < a->rows; ++r) {
            double mean = 0.0;
            for (int c = 0; c < a->columns; ++c) mean += y->at(r, c) * y->gradAt(r, c);
            for (int c = 0; c < a->columns; ++c) a->gradAt(r, c) += (y->gradAt(r, c) - mean) / sums[static_cast<std::size_t>(r)];
        }
    };
    return y;
}

Node Tape::norm(Node a, Node gamma, Node beta, bool rms, double epsilon) {
    Node y = make(a->rows, a->columns);
    Node normed = make(a->rows, a->columns);
    std::vector<double> inverse;
    const int n = a->columns;
    for (int r = 0; r < a->rows; ++r) {
        double mean = 0.0, squares = 0.0;
        for (int c = 0; c < n && !rms; ++c) mean += a->at(r, c) / n;
        for (int c = 0; c < n; ++c) squares += (a->at(r, c) - mean) * (a->at(r, c) - mean) / n;
        inverse.push_back(1.0 / std::sqrt(squares + epsilon));
        for (int c = 0; c < n; ++c) {
            normed->at(r, c) = (a->at(r, c) - mean) * inverse.back();
            y->at(r, c) =
                normed->at(r, c) * gamma->value[static_cast<std::size_t>(c)] + (beta ? beta->value[static_cast<std::size_t>(c)] : 0.0);
        }
    }
    y->back = [=] {
        for (int r = 0; r < a->rows; ++r) {
            double meanOfGrad = 0.0, meanOfProduct = 0.0;
            for (int c = 0; c < n; ++c) {
                const auto at = static_cast<std::size_t>(c);
                const double g = y->gradAt(r, c) * gamma->value[at];
                gamma->grad[at] += y->gradAt(r, c) * normed->at(r, c);
                if (beta) beta->grad[at] += y->gradAt(r, c);
                if (!rms) meanOfGrad += g / n;
                meanOfProduct += g * normed->at(r, c) / n;
            }
            for (int c = 0; c < n; ++c) {
                const double g = y->gradAt(r, c) * gamma->value[static_cast<std::size_t>(c)];
                a->gradAt(r, c) += inverse[static_cast<std::size_t>(r)] * (g - meanOfGrad - normed->at(r, c) * meanOfProduct);
            }
        }
    };
    return y;
}

Node Tape::rotate(Node a, bool interleaved, const std::function<double(int, int)>& angle, double factor) {
    Node y = make(a->rows, a->columns);
    const int pairs = a->columns / 2;
    const auto each = [=](const auto& act) {
        for (int r = 0; r < a->rows; ++r)
            for (int p = 0; p < pairs; ++p)
                act(r, interleaved ? 2 * p : p, interleaved ? 2 * p + 1 : p + pairs, std::cos(angle(r, p)) * factor,
                    std::sin(angle(r, p)) * factor);
    };
    each([=](int r, int first, int second, double cos, double sin) {
        y->at(r, first) = a->at(r, first) * cos - a->at(r, second) * sin;
        y->at(r, second) = a->at(r, first) * sin + a->at(r, second) * cos;
    });
    y->back = [=] {
        each([=](int r, int first, int second, double cos, double sin) {
            a->gradAt(r, first) += y->gradAt(r, first) * cos + y->gradAt(r, second) * sin;
            a->gradAt(r, second) += y->gradAt(r, second) * cos - y->gradAt(r, first) * sin;
        });
    };
    return y;
}

Node Tape::positionMap(Node a, Node w, Node b, const std::function<double(int, int, int)>& p) {
    Node y = make(a->rows, a->columns);
    const int channels = static_cast<int>(w->value.size());
    for (int i = 0; i < a->rows; ++i)
        for (int j = 0; j < a->columns; ++j) {
            y->at(i, j) = b->value[0];
            for (int c = 0; c < channels; ++c) y->at(i, j) += w->value[static_cast<std::size_t>(c)] * (a->at(i, j) + p(i, j, c));
        }
    y->back = [=] {
        for (int i = 0; i < a->rows; ++i)
            for (int j = 0; j < a->columns; ++j) {
                const double g = y->gradAt(i, j);
                b->grad[0] += g;
                for (int c = 0; c < channels; ++c) {
                    w->grad[static_cast<std::size_t>(c)] += g * (a->at(i, j) + p(i, j, c));
                    a->gradAt(i, j) += g * w->value[static_cast<std::size_t>(c)];
                }
            }
    };
    return y;
}

Node Tape::select(Node a, const std::function<bool(int, int)>& keep, double otherwise) {
    Node y = make(a->rows, a->columns);
    for (int i = 0; i < a->rows; ++i)
        for (int j = 0; j < a->columns; ++j) y->at(i, j) = keep(i, j) ? a->at(i, j) : otherwise;
    y->back = [=] {
        for (int i = 0; i < a->rows; ++i)
            for (int j = 0; j < a->columns; ++j)
                if (keep(i, j)) a->gradAt(i, j) += y->gradAt(i, j);
    };
    return y;
}

Node Tape::crossEntropy(Node a, const std::vector<int>& targets) {
    Node y = make(1, 1);
    const auto counted = static_cast<double>(std::count_if(targets.begin(), targets.end(), [](int t) { return t >= 0; }));
    const auto row = [a](int r) {
        std::vector<double> p;
        double largest = -INFINITY, sum = 0.0;
        for (int c = 0; c < a->columns; ++c) largest = std::max(largest, a->at(r, c));
        for (int c = 0; c < a->columns; ++c) sum += std::exp(a->at(r, c) - largest);
        for (int c = 0; c < a->columns; ++c) p.push_back(std::exp(a->at(r, c) - largest) / sum);
        return p;
    };
    for (int r = 0; r < a->rows; ++r)
        if (const int target = targets[static_cast<std::size_t>(r)]; target >= 0)
            y->value[0] -= std::log(row(r)[static_cast<std::size_t>(target)]) / counted;
    y->back = [=] {
        for (int r = 0; r < a->rows; ++r) {
            const int target = targets[static_cast<std::size_t>(r)];
            if (target < 0) continue;
            const std::vector<double> p = row(r);
            for (int c = 0; c < a->columns; ++c)
                a->gradAt(r, c) += y->grad[0] * (p[static_cast<std::size_t>(c)] - (c == target ? 1.0 : 0.0)) / counted;
        }
    };
    return y;
}

Node Tape::halfMeanSquare(Node a, const std::vector<int>& targets, const std::vector<double>& t) {
    Node y = make(1, 1);
    const auto counted = static_cast<double>(std::count_if(targets.begin(), targets.end(), [](int at) { return at >= 0; }));
    const double share = 1.0 / (counted * a->columns);
    const auto missed = [=](int r, int c) { return a->at(r, c) - t[static_cast<std::size_t>(r * a->columns + c)]; };
    const auto each = [=](const auto& act) {
        for (int r = 0; r < a->rows; ++r)
            for (int c = 0; c < a->columns && targets[static_cast<std::size_t>(r)] >= 0; ++c) act(r, c);
    };
    each([&](int r, int c) { y->value[0] += 0.5 * missed(r, c) * missed(r, c) * share; });
    y->back = [=] { each([&](int r, int c) { a->gradAt(r, c) += y->grad[0] * missed(r, c) * share; }); };
    return y;
}

void Tape::backward(Node of) {
    of->grad.assign(of->grad.size(), 1.0);
    for (auto node = m_nodes.rbegin(); node != m_nodes.rend(); ++node)
        if ((*node)->back) (*node)->back();
}

}  // namespace lab::explain
