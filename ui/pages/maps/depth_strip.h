#pragma once

#include "core/analysis/depth_map.h"
#include "ui/pages/maps/cell_strip.h"

namespace lab {

struct MapsScene;

/// The steps of one stack, token by token.
struct DepthRow {
    QString label;  ///< "encoder"; empty where there is one stack
    std::vector<QString> tokens;
    StackDepth depth;

    bool operator==(const DepthRow&) const = default;
};

/// Of every stack of the scene whose positions halt.
std::vector<DepthRow> depthRows(const MapsScene& scene, const Trace& trace, const ModelConfig& model);

StripPicture depthPicture(const std::vector<DepthRow>& rows);

/// How many steps each token took before it halted: a row a stack, a cell a token, coloured by its steps. Each cell says its steps, p (what
/// of each step's state leaves the stack) and N + R, what its steps cost.
class DepthStrip : public CellStrip {
    Q_OBJECT

public:
    explicit DepthStrip(QWidget* parent = nullptr);

    void setRows(std::vector<DepthRow> rows);
    const std::vector<DepthRow>& rows() const { return m_rows; }
    /// The strip for paper, with the numbers of each token: behind the other offers, where positions halt.
    void addFigure(std::vector<FigureOffer>& offers, const FigureSubject& subject) const;

private:
    std::vector<DepthRow> m_rows;
};

}  // namespace lab
