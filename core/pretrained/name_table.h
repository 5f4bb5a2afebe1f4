#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/config/model_config.h"
#include "core/pretrained/stored_tensors.h"
#include "core/tensor/parameter_layout.h"
#include "core/tensor/weights.h"

namespace lab {

/// How the numbers of one of our parameters lie in one of their tensors.
struct NameLink {
    const Parameter* ours = nullptr;
    bool transposed = false;  ///< theirs is [in, out]
    // Their outputs, in `groups` equal groups of `parts` equal parts: ours are part `part` of each.
    int groups = 1, parts = 1, part = 0;
    int dropped = 0;  ///< first rows of theirs that are nobody's
    // Of queries and keys whose heads turn in part: rows of a head, and how many of its first ones turn, in theirs p with p + turning / 2.
    // Ours turn p with p + headRows / 2, so that the others lie between them.
    int headRows = 0, turning = 0;

    bool isPlain() const { return !transposed && parts == 1 && dropped == 0 && turning == 0; }
};

/// Which of our parameters stands for which of a family's tensors. Our names are the layout's; what the layout has not is not linked, so
/// that a tensor for it is left over.
class NameTable {
public:
    NameTable(const ParameterLayout& layout, const StoredTensors& tensors) : m_layout(layout), m_tensors(tensors) {}

    /// Weight and bias, as far as the layout has them: same("output.norm", "lm_head.layer_norm").
    void same(const std::string& ours, const std::string& theirs);
    void transposed(const std::string& ours, const std::string& theirs);
    /// Several maps of theirs in one, the parts in this order, anew in each group.
    void fused(std::initializer_list<std::string> ours, const std::string& theirs, int groups = 1, bool transposed = false);
    /// One parameter by its whole name, by the first of their names that is there; the others, where they are, repeat it.
    void one(const std::string& ours, std::initializer_list<std::string> theirs, int dropped = 0);
    /// Queries and keys of an attention block that are linked, of a model whose heads turn in part (model.position.rope.dims).
    void turnPart(const std::string& attention, const ModelConfig& model);
    /// Theirs repeats ours, as the copy of a tied table does.
    void copy(const std::string& ours, const std::string& theirs);

    const StoredTensors& tensors() const { return m_tensors; }
    const ParameterLayout& layout() const { return m_layout; }
    /// The links of a tensor; none when it is not known.
    const std::vector<NameLink>& linksOf(const std::string& theirs) const;
    /// What it repeats; null: nothing.
    const Parameter* repeatedBy(const std::string& theirs) const;
    /// The tensor that our parameter comes from; empty when none was named.
    const std::string& theirNameOf(const Parameter& ours) const;

private:
    void both(const std::string& ours, const std::string& theirs, const NameLink& how);
    void link(const std::string& ours, const std::string& theirs, NameLink how);

    const ParameterLayout& m_layout;
    const StoredTensors& m_tensors;
    std::unordered_map<std::string, std::vector<NameLink>> m_links;
    std::unordered_map<std::string, const Parameter*> m_copies;
    std::unordered_map<const Parameter*, std::string> m_theirs;
};

}  // namespace lab
