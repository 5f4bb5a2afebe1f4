#pragma once

#include <string_view>
#include <vector>

#include "core/bottlenecks/bottleneck.h"
#include "core/explain/tape.h"

namespace lab::explain {

/// A bottleneck's rule for a slot's numbers once more, from its definition alone, outside of training: for the twin, which shares no code
/// with core/bottlenecks' rules.
class TwinCodes {
public:
    /// `book` [codes, width] is null where the codes' numbers are not learned.
    TwinCodes(const BottleneckConfig& config, Node book);

    /// numbers [slots, width] to relaxed codes alike.
    Node relaxed(Tape& tape, Node numbers) const;
    std::vector<int> codes(Node relaxed) const;
    /// What is sent of these codes [slots, width].
    std::vector<double> sent(const std::vector<int>& codes) const;
    /// What codes cost beside the answers, of one sequence alone, as [1, 1]; null where they cost nothing.
    Node cost(Tape& tape, Node relaxed, const std::vector<int>& codes) const;

private:
    using Row = std::vector<double>;
    bool is(std::string_view kind) const { return m_config.kind.name() == kind; }
    Row rowOf(Node matrix, int row) const;
    int codeOf(const Row& relaxed) const;
    Row distances(const Row& relaxed) const;
    double place(double relaxed) const;
    Row shares(const Row& relaxed) const;
    Row sharesBack(const Row& relaxed, const Row& slope) const;
    double commitment(Node relaxed, const std::vector<int>& codes) const;
    void commitmentBack(Node relaxed, const std::vector<int>& codes, double gradient) const;
    double usage(Node relaxed) const;
    void usageBack(Node relaxed, double gradient) const;

    BottleneckConfig m_config;
    BottleneckShape m_shape;
    Node m_book;
    double m_unit;  ///< fsq: levels from the middle to the outermost
};

}  // namespace lab::explain
