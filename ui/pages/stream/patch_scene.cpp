#include "ui/pages/stream/patch_scene.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "core/base/number_text.h"
#include "core/config/experiment.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map_figure.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

struct PatchText {
    Q_DECLARE_TR_FUNCTIONS(lab::PatchText)
};

constexpr double supported = 0.3;  ///< what a sentence may be made of

// Logical px at 100 %.
constexpr double patchIndexHeight = 18, patchChipHeight = 26, patchChipGap = 4, patchLabelGap = 10, patchLeastLabel = 66, patchPad = 5;
constexpr double patchLeastWidth = 26, patchWideEnough = 46, patchNarrow = 40, patchMostWidth = 110, patchLeastHeight = 18,
                 patchMostHeight = 36;

void paintChip(QPainter& painter, const QRectF& room, const QString& text, bool differs, bool dashed) {
    const Theme& theme = Theme::instance();
    const QRectF box = room.adjusted(1, 1, -1, -1);
    painter.setBrush(theme.color(Role::screen));
    QPen pen(theme.color(differs ? Role::text : Role::controlBorder), differs ? theme.px(2) : 1);
    if (differs && dashed) pen.setStyle(Qt::DashLine);
    painter.setPen(pen);
    painter.drawRoundedRect(box, theme.px(3), theme.px(3));
    painter.setFont(theme.font(TextSize::text, true));
    painter.setPen(theme.color(Role::text));
    drawElided(painter, box, Qt::AlignHCenter, text);
}

void paintName(QPainter& painter, const QRectF& room, const QString& text, bool strong) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption, strong));
    painter.setPen(theme.color(strong ? Role::accent : Role::muted));
    drawElided(painter, room, Qt::AlignHCenter, text);
}

/// Both inputs under the numbers of their positions.
void paintTokens(QPainter& painter, const PatchScene& scene, const PatchLayout& layout) {
    const Theme& theme = Theme::instance();
    for (int p = 0; p < scene.clean.size(); ++p) {
        const QRectF upper = layout.chipRect(p, false), lower = layout.chipRect(p, true);
        const bool differs = scene.differs[static_cast<std::size_t>(p)];
        paintName(painter, QRectF(upper.left(), 0, upper.width(), theme.px(patchIndexHeight)), QString::number(p), p == scene.position);
        paintChip(painter, upper, scene.clean[p].trimmed(), differs, false);
        paintChip(painter, lower, scene.corrupted.value(p).trimmed(), differs, true);
        if (!differs) continue;
        painter.setPen(QPen(theme.color(Role::text), theme.px(2)));
        painter.drawLine(QPointF(upper.center().x(), upper.bottom() - 1), QPointF(upper.center().x(), lower.top() + 1));
    }
}

void paintColumnNames(QPainter& painter, const PatchScene& scene, const PatchLayout& layout, MapCell chosen) {
    const double height = Theme::instance().px(patchIndexHeight);
    layout.eachColumn(painter, layout.top, [&](const QRectF& cell, int column) {
        paintName(painter, QRectF(cell.left(), layout.names, cell.width(), height), scene.columnNames.value(column),
                  column == chosen.column);
    });
}

void paintCaptions(QPainter& painter, const PatchScene& scene, const PatchLayout& layout) {
    const Theme& theme = Theme::instance();
    const double right = layout.left - theme.px(patchLabelGap);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    drawElided(painter, QRectF(0, 0, right, theme.px(patchIndexHeight)), Qt::AlignRight,
               scene.tokens() ? PatchText::tr("position") : QString());
    if (!scene.tokens()) return;
    painter.setFont(theme.font(TextSize::axis, true));
    painter.setPen(theme.color(Role::text));
    drawElided(painter, QRectF(0, layout.clean, right, layout.chip), Qt::AlignRight, PatchText::tr("clean"));
    drawElided(painter, QRectF(0, layout.corrupted, right, layout.chip), Qt::AlignRight, PatchText::tr("corrupted"));
}

void paintRowNames(QPainter& painter, const PatchScene& scene, const PatchLayout& layout, MapCell chosen) {
    const Theme& theme = Theme::instance();
    layout.eachRow(painter, [&](const QRectF& cell, int row) {
        painter.setFont(theme.font(TextSize::axis, row == chosen.row));
        painter.setPen(theme.color(row == chosen.row ? Role::accent : Role::text));
        drawElided(painter, QRectF(0, cell.top(), layout.left - theme.px(patchLabelGap), cell.height() - 1), Qt::AlignRight,
                   scene.rowNames.value(row));
    });
}

/// ".63", "1.00"; in narrow cells ".6", "1.0".
QString cellText(double recovered, bool narrow) {
    const int decimals = narrow ? 1 : 2;
    if (std::abs(recovered) < (narrow ? 0.05 : 0.005)) return QStringLiteral("0");
    return std::abs(recovered) < (narrow ? 0.95 : 0.995) ? cellNumber(recovered, decimals) : fixed(recovered, decimals);
}

void paintCell(QPainter& painter, const PatchScene& scene, const QRectF& cell, MapCell at) {
    const Theme& theme = Theme::instance();
    const QRectF box = cell.adjusted(0, 0, -1, -1);
    const PatchOutcome* outcome = scene.at(at);
    if (!outcome) {
        if (scene.isSite(at)) painter.fillRect(box, theme.color(Role::track));
        return;
    }
    const QRgb ground = recoveredScaling.color(outcome->recovered);
    painter.fillRect(box, QColor(ground));
    const bool narrow = cell.width() < theme.px(patchNarrow), small = narrow || cell.height() < theme.px(22);
    const QString text = cellText(outcome->recovered, narrow);
    painter.setFont(theme.font(small ? TextSize::caption : TextSize::axis));
    painter.setPen(text == QLatin1String("0") ? theme.color(Role::muted) : ColorMap::ink(ground));
    drawElided(painter, narrow ? box : box.adjusted(0, 0, -theme.px(patchPad), 0), narrow ? Qt::AlignHCenter : Qt::AlignRight, text);
}

bool isSupported(const PatchScene& scene, MapCell cell) {
    const PatchOutcome* outcome = scene.at(cell);
    return outcome && outcome->recovered >= supported;
}

/// The rows of a column that reach `supported`, those that follow each other from the first to the last: "after layer 1 … after layer 8".
QStringList supportedRows(const PatchScene& scene, int column) {
    QStringList names;
    for (int row = 0; row < scene.rows(); ++row) {
        if (!isSupported(scene, {row, column})) continue;
        const int first = row;
        double least = 1e300, most = -1e300;
        for (int last = row; isSupported(scene, {last, column}); ++last) {
            row = last;
            least = std::min(least, scene.at({last, column})->recovered);
            most = std::max(most, scene.at({last, column})->recovered);
        }
        if (row == first)
            names << PatchText::tr("%1 (%2)").arg(scene.rowNames[row], fixed(most, 2));
        else
            names << PatchText::tr("%1 … %2 (%3 … %4)").arg(scene.rowNames[first], scene.rowNames[row], fixed(least, 2), fixed(most, 2));
    }
    return names;
}

/// Narrower cells would cut tokens that are short.
double leastCellWidth(const PatchScene& scene) {
    const Theme& theme = Theme::instance();
    double widest = theme.px(scene.heads && scene.cells() ? patchWideEnough : patchLeastWidth);
    for (const QString& token : scene.clean + scene.corrupted)
        widest = std::max(widest, textAdvance(theme.font(TextSize::text, true), token.trimmed()) + theme.px(10));
    return std::min<double>(widest, theme.px(patchWideEnough));
}

}  // namespace

const PatchOutcome* PatchScene::at(MapCell cell) const {
    if (!isSite(cell)) return nullptr;
    const std::optional<PatchOutcome>& outcome = cells()->at(cell.row, cell.column);
    return outcome ? &*outcome : nullptr;
}

QString PatchScene::place(MapCell cell) const {
    if (!contains(cell)) return {};
    if (heads) return PatchText::tr("%1, head %2").arg(rowNames[cell.row], QString::number(cell.column));
    const bool named = cell.column < clean.size() &&
                       (found->clean.targetTokens.empty() || cells()->grid.rows[static_cast<std::size_t>(cell.row)].side == "encoder");
    return named ? PatchText::tr("%1, position %2 “%3”").arg(rowNames[cell.row], QString::number(cell.column), clean[cell.column].trimmed())
                 : PatchText::tr("%1, position %2").arg(rowNames[cell.row], QString::number(cell.column));
}

QString PatchScene::reading(MapCell cell) const {
    const PatchOutcome* outcome = at(cell);
    return outcome ? PatchText::tr("%1: recovered %2").arg(place(cell), fixed(outcome->recovered, 3)) : place(cell);
}

FigureTable PatchScene::table() const {
    FigureTable table{{"part", "side", "layer", heads ? "head" : "position", "recovered", "measure", "answer", "probability"}, {}};
    for (int row = 0; row < rows(); ++row)
        for (int column = 0; column < columns(); ++column) {
            const PatchOutcome* outcome = at({row, column});
            if (!outcome) continue;
            const PatchGrid::Row& of = cells()->grid.rows[static_cast<std::size_t>(row)];
            table.rows.push_back({std::string(nameOf(part)), of.side, std::to_string(of.layer), std::to_string(column),
                                  numberText(outcome->recovered), numberText(outcome->measure), std::to_string(outcome->top),
                                  numberText(outcome->probability)});
        }
    return table;
}

QString answerName(const Run& run, int answer) {
    const QString text = SequenceWords(run).classText(answer);
    return text.trimmed().isEmpty() ? text : text.trimmed();
}

PatchScene patchScene(const PatchWords& words, const std::shared_ptr<const PatchFound>& found, PatchPart part) {
    PatchScene scene;
    scene.found = found;
    scene.part = part;
    scene.heads = specOf(part).byHead;
    if (found && !words.clean.isEmpty()) {
        scene.position = found->error.isEmpty() ? found->question.position : -1;
        scene.clean = words.clean;
        scene.corrupted = words.corrupted;
        for (std::size_t p = 0; p < found->clean.tokens.size(); ++p)
            scene.differs.push_back(p >= found->corrupted.tokens.size() || found->clean.tokens[p] != found->corrupted.tokens[p]);
    }
    if (!scene.cells()) return scene;
    for (const PatchGrid::Row& row : scene.cells()->grid.rows)
        scene.rowNames << (words.twoSides ? PatchText::tr("%1: %2").arg(row.side == "encoder" ? PatchText::tr("enc") : PatchText::tr("dec"),
                                                                        shown(row.label))
                                          : shown(row.label));
    for (int column = 0; column < scene.columns(); ++column)
        scene.columnNames << (scene.heads ? PatchText::tr("head %1").arg(column) : QString::number(column));
    return scene;
}

PatchScene patchScene(const Run& run, const std::shared_ptr<const PatchFound>& found, PatchPart part, bool withTokens) {
    const SequenceWords words(run);
    PatchWords named{{}, {}, specOf(words.model().architecture).twoSides()};
    if (withTokens && found) {
        named.clean = words.all(found->clean);
        named.corrupted = words.all(found->corrupted);
    }
    return patchScene(named, found, part);
}

QString corruptedWords(const QString& clean, const QString& corrupted) {
    return PatchText::tr("%1, corrupted: %2").arg(clean, corrupted);
}

QString patchMeasure(const PatchQuestion& question, const QString& answer, const QString& other) {
    if (question.other < 0) return PatchText::tr("p(%1) at position %2").arg(answer).arg(question.position);
    return PatchText::tr("logit(%1) − logit(%2) at position %3").arg(answer, other).arg(question.position);
}

QString patchSentence(const PatchScene& scene) {
    QStringList said;
    double rest = 0;
    for (int column = 0; column < scene.columns(); ++column) {
        const QStringList rows = supportedRows(scene, column);
        for (int row = 0; row < scene.rows(); ++row)
            if (const PatchOutcome* outcome = scene.at({row, column}); outcome && outcome->recovered < supported)
                rest = std::max(rest, outcome->recovered);
        if (rows.isEmpty()) continue;
        const QString list = QLocale().createSeparatedList(rows);
        said << (scene.heads ? PatchText::tr("Head %1 carries it: %2.").arg(QString::number(column), list)
                             : PatchText::tr("Position %1 holds it: %2.").arg(QString::number(column), list));
    }
    const QString most = fixed(rest, 2);
    if (said.isEmpty()) return PatchText::tr("No single cell brings back 0.3 of it; the most is %1.").arg(most);
    said << PatchText::tr("Any other cell alone brings back at most %1.").arg(most);
    return sentences(said);
}

MapCell strongestCell(const PatchScene& scene) {
    MapCell strongest;
    for (int row = 0; row < scene.rows(); ++row)
        for (int column = 0; column < scene.columns(); ++column) {
            const PatchOutcome* outcome = scene.at({row, column});
            const PatchOutcome* best = scene.at(strongest);
            if (outcome && (!best || outcome->recovered >= best->recovered)) strongest = {row, column};
        }
    return strongest;
}

int PatchLayout::tokenAt(const PatchScene& scene, const QPointF& position) const {
    if (!scene.tokens() || position.y() >= (scene.heads ? names : top) || position.x() < left) return -1;
    if (scrolls && position.x() >= left + room.width()) return -1;
    const int p = static_cast<int>((position.x() - left + (scrolls ? offset.x() : 0)) / chipStep);
    return p < scene.clean.size() ? p : -1;
}

PatchLayout patchLayout(const PatchScene& scene, const QSizeF& room) {
    const Theme& theme = Theme::instance();
    PatchLayout layout;
    layout.rows = scene.rows();
    layout.columns = scene.columns();
    double label = theme.px(patchLeastLabel);
    for (const QString& name : scene.rowNames) label = std::max(label, textAdvance(theme.font(TextSize::axis, true), name));
    layout.left = std::ceil(label) + theme.px(patchLabelGap + 4);
    layout.top = theme.px(patchIndexHeight);
    if (scene.tokens()) {
        layout.chip = theme.px(patchChipHeight);
        layout.clean = layout.top;
        layout.corrupted = layout.clean + layout.chip + theme.px(patchChipGap);
        layout.top = layout.corrupted + layout.chip + theme.px(2 * patchChipGap);
        if (scene.heads) {
            layout.names = layout.top;
            layout.top += theme.px(patchIndexHeight);
        }
    }
    const double across = (room.width() - layout.left - 2) / std::max(scene.columns(), 1);
    const double down = (room.height() - layout.top - 2) / std::max(scene.rows(), 1);
    layout.cell = {std::floor(std::clamp<double>(across, leastCellWidth(scene), theme.px(patchMostWidth))),
                   std::floor(std::clamp<double>(down, theme.px(patchLeastHeight), theme.px(patchMostHeight)))};
    layout.scrolls = !scene.heads || !scene.cells();
    layout.chipStep = layout.cell.width();
    if (!layout.scrolls && scene.tokens())
        layout.chipStep = std::floor(
            std::clamp<double>((room.width() - layout.left - 2) / static_cast<double>(scene.clean.size()), 1, theme.px(patchMostWidth)));
    layout.room = {std::min(layout.cell.width() * scene.columns(), std::max(room.width() - layout.left, 0.0)),
                   std::min(layout.cell.height() * scene.rows(), std::max(room.height() - layout.top, 0.0))};
    return layout;
}

void paintPatches(QPainter& painter, const PatchScene& scene, const PatchLayout& layout, MapCell chosen, MapCell hovered) {
    if (scene.empty()) return;
    paintCaptions(painter, scene, layout);
    if (!scene.tokens() || scene.heads) paintColumnNames(painter, scene, layout, chosen);
    painter.save();
    const double across = layout.scrolls ? layout.room.width() : layout.chipStep * static_cast<double>(scene.clean.size());
    painter.setClipRect(QRectF(layout.left, 0, across, layout.scrolls ? layout.top : layout.names));
    paintTokens(painter, scene, layout);
    painter.restore();
    paintRowNames(painter, scene, layout, chosen);
    layout.eachCell(painter, [&](const QRectF& cell, MapCell at) { paintCell(painter, scene, cell, at); });
    layout.paintHand(painter, chosen, scene.isSite(hovered) ? hovered : MapCell());
}

QSizeF PatchFigure::bodySize(double width) const {
    const PatchLayout layout = patchLayout(scene, {width > 0 ? width : 900.0, 1e4});
    const double across = std::max(layout.cell.width() * scene.columns(), layout.chipStep * static_cast<double>(scene.clean.size()));
    return {layout.left + across + 4, layout.top + layout.cell.height() * scene.rows() + figureScaleHeight + 14};
}

void PatchFigure::paintBody(QPainter& painter, double width) const {
    const QSizeF size = bodySize(width);
    const PatchLayout layout = patchLayout(scene, {size.width(), 1e4});
    paintPatches(painter, scene, layout, {}, {});
    paintFigureScale(painter, {layout.left, size.height() - figureScaleHeight}, recoveredScaling, PatchText::tr("answer recovered"),
                     std::min(300.0, size.width() - layout.left));
}

}  // namespace lab
