#pragma once

#include "core/analysis/expert_choice.h"
#include "ui/pages/maps/cell_strip.h"

namespace lab {

/// The experts of one layer, token by token.
struct ExpertRow {
    QString label;  ///< "layer 0"
    std::vector<QString> tokens;
    ExpertChoices choices;

    bool operator==(const ExpertRow&) const = default;
};

StripPicture expertPicture(const std::vector<ExpertRow>& rows);

/// Which experts each token goes through: a row a layer, a cell a token in the colour of its first expert, with the second one's below.
/// Each cell says its experts and gates: "layer 0, token 3 “7”: expert 2 (gate 0.71), expert 0 (gate 0.29)".
class ExpertStrip : public CellStrip {
    Q_OBJECT

public:
    explicit ExpertStrip(QWidget* parent = nullptr);

    void setRows(std::vector<ExpertRow> rows);
    const std::vector<ExpertRow>& rows() const { return m_rows; }

private:
    std::vector<ExpertRow> m_rows;
};

}  // namespace lab
