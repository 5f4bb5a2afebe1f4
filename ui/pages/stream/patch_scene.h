#pragma once

#include <QPainter>
#include <QStringList>
#include <memory>
#include <vector>

#include "ui/pages/stream/cell_map.h"
#include "ui/pages/stream/patch_study.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/figure.h"

namespace lab {

class Run;

/// What a map of patches shows: places as rows, positions or heads as columns.
struct PatchScene {
    std::shared_ptr<const PatchFound> found;
    PatchPart part = PatchPart::stream;
    bool heads = false;  ///< the columns are heads
    QStringList rowNames, columnNames;
    QStringList clean, corrupted;  ///< the tokens above the columns; empty: none stand there
    std::vector<bool> differs;
    int position = -1;  ///< at which the answer is read; -1: not shown

    bool empty() const { return !cells() && clean.isEmpty(); }
    const PatchCells* cells() const { return found ? found->map(part) : nullptr; }
    int rows() const { return static_cast<int>(rowNames.size()); }
    int columns() const { return cells() ? cells()->grid.columns : static_cast<int>(clean.size()); }
    bool tokens() const { return !clean.isEmpty(); }
    bool contains(MapCell at) const { return at.row >= 0 && at.row < rows() && at.column >= 0 && at.column < columns(); }
    bool isSite(MapCell at) const { return contains(at) && !cells()->grid.at(at.row, at.column).tensor.empty(); }
    /// Null where there is no site, or not yet.
    const PatchOutcome* at(MapCell cell) const;

    /// "after layer 2, position 11 “to”".
    QString place(MapCell cell) const;
    /// The same with its value.
    QString reading(MapCell cell) const;
    FigureTable table() const;
};

constexpr ColorScaling recoveredScaling{ColorMap::Kind::balance, -1, 1};

/// A class in words, without the blank before a word.
QString answerName(const Run& run, int answer);
/// What stands at the positions of both inputs of a pair.
struct PatchWords {
    QStringList clean, corrupted;
    bool twoSides = false;  ///< encoder and decoder
};
/// `words` without tokens: none stand above the columns.
PatchScene patchScene(const PatchWords& words, const std::shared_ptr<const PatchFound>& found, PatchPart part);
/// The same of an open run.
PatchScene patchScene(const Run& run, const std::shared_ptr<const PatchFound>& found, PatchPart part, bool withTokens);
/// What the cells of at least 0.3 say, and nothing else.
QString patchSentence(const PatchScene& scene);
/// "3 1 4, corrupted: 3 7 4"
QString corruptedWords(const QString& clean, const QString& corrupted);
/// What is measured: "logit(4) − logit(7) at position 3".
QString patchMeasure(const PatchQuestion& question, const QString& answer, const QString& other);
/// The cell that brings back most; none: nothing is known yet.
MapCell strongestCell(const PatchScene& scene);

/// Where the cells of a map of patches lie, and the tokens of both inputs above them.
struct PatchLayout : CellLayout {
    double clean = 0, corrupted = 0, chip = 0;  ///< of the tokens
    double names = 0;                           ///< of the heads' names
    double chipStep = 0;                        ///< from token to token; as wide as cells that stand below them
    bool scrolls = true;                        ///< tokens with the cells

    QRectF chipRect(int token, bool ofCorrupted) const {
        return {left + token * chipStep - (scrolls ? offset.x() : 0), ofCorrupted ? corrupted : clean, chipStep - 2, chip};
    }
    /// The token whose number or chip is there; -1: none.
    int tokenAt(const PatchScene& scene, const QPointF& position) const;
};
PatchLayout patchLayout(const PatchScene& scene, const QSizeF& room);
void paintPatches(QPainter& painter, const PatchScene& scene, const PatchLayout& layout, MapCell chosen, MapCell hovered);

/// The map for paper, with its scale.
class PatchFigure : public Figure {
public:
    PatchScene scene;

    FigureTable table() const override { return scene.table(); }

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;
};

}  // namespace lab
