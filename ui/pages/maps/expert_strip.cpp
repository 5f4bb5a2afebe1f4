#include "ui/pages/maps/expert_strip.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr int mostExpertSwatches = 16;

void paintExpertCell(QPainter& painter, const QRectF& cell, const ExpertChoices& choices, int token) {
    const bool two = choices.perPosition > 1;
    const double first = two ? cell.height() * 0.62 : cell.height();
    const int expert = choices.at(token, 0);
    paintStripCell(painter, QRectF(cell.left(), cell.top(), cell.width(), first), stripColor(expert, choices.experts),
                   QString::number(expert));
    if (!two) return;
    const QRectF lower(cell.left(), cell.top() + first, cell.width(), cell.height() - first);
    painter.fillRect(lower, stripColor(choices.at(token, 1), choices.experts));
}

QString expertHeading(const ExpertChoices& choices) {
    return choices.perPosition > 1 ? ExpertStrip::tr("Experts of each token: the first, below it the second")
                                   : ExpertStrip::tr("Expert of each token");
}

std::vector<StripSwatch> expertLegend(int experts) {
    std::vector<StripSwatch> legend;
    for (int e = 0; e < std::min(experts, mostExpertSwatches); ++e) legend.push_back({stripColor(e, experts), QString::number(e)});
    return legend;
}

QString expertSharesText(const ExpertChoices& choices) {
    QStringList words;
    const std::vector<double> shares = choices.shares();
    for (int e = 0; e < choices.experts; ++e)
        words << ExpertStrip::tr("expert %1: %2 %").arg(QString::number(e), fixed(100 * shares[static_cast<std::size_t>(e)], 0));
    return words.join(QStringLiteral(", "));
}

QString expertSentence(const ExpertRow& row, int token) {
    QStringList experts;
    for (int j = 0; j < row.choices.perPosition; ++j)
        experts << ExpertStrip::tr("expert %1 (gate %2)")
                       .arg(QString::number(row.choices.at(token, j)), fixed(static_cast<double>(row.choices.gate(token, j)), 2));
    return stripPlace(row.label, row.tokens, token) + QStringLiteral(": ") + experts.join(QStringLiteral(", "));
}

}  // namespace

StripPicture expertPicture(const std::vector<ExpertRow>& rows) {
    StripPicture picture;
    picture.name = ExpertStrip::tr("Experts of each token");
    for (const ExpertRow& row : rows) picture.rows.push_back({row.label, row.tokens, row.choices.positions()});
    const auto at = [rows](int index) -> const ExpertRow& { return rows[static_cast<std::size_t>(index)]; };
    picture.heading = [at] { return expertHeading(at(0).choices); };
    picture.legend = [at] { return expertLegend(at(0).choices.experts); };
    picture.paintCell = [at](QPainter& painter, const QRectF& cell, int row, int token) {
        paintExpertCell(painter, cell, at(row).choices, token);
    };
    picture.sentence = [at](int row, int token) { return expertSentence(at(row), token); };
    // The cell in hand, then what each expert has of its row.
    picture.story = [at](int row, int token) {
        return ExpertStrip::tr("%1. Of all choices in this row %2").arg(expertSentence(at(row), token), expertSharesText(at(row).choices));
    };
    return picture;
}

ExpertStrip::ExpertStrip(QWidget* parent) : CellStrip(tr("Experts of each token"), parent) {}

void ExpertStrip::setRows(std::vector<ExpertRow> rows) {
    if (rows == m_rows) return;
    m_rows = std::move(rows);
    setPicture(expertPicture(m_rows));
}

}  // namespace lab
