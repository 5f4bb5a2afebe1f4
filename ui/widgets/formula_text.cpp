#include "ui/widgets/formula_text.h"

#include <QFontMetricsF>
#include <vector>

namespace lab {
namespace {

struct Piece {
    QString text;
    int level = 0;  ///< -1 low, 0 on the line, 1 high
};

std::vector<Piece> pieces(const QString& formula) {
    std::vector<Piece> result;
    QString plain;
    for (qsizetype i = 0; i < formula.size(); ++i) {
        const bool mark = (formula[i] == QLatin1Char('_') || formula[i] == QLatin1Char('^')) && i + 1 < formula.size() &&
                          formula[i + 1] == QLatin1Char('{');
        const qsizetype end = mark ? formula.indexOf(QLatin1Char('}'), i) : -1;
        if (end < 0) {
            plain += formula[i];
            continue;
        }
        if (!plain.isEmpty()) result.push_back({plain, 0});
        plain.clear();
        result.push_back({formula.mid(i + 2, end - i - 2), formula[i] == QLatin1Char('^') ? 1 : -1});
        i = end;
    }
    if (!plain.isEmpty()) result.push_back({plain, 0});
    return result;
}

QFont small(const QFont& font) {
    QFont result = font;
    result.setPixelSize(qRound(font.pixelSize() * 0.82));
    return result;
}

}  // namespace

double formulaWidth(const QFont& font, const QString& formula) {
    double width = 0.0;
    for (const Piece& piece : pieces(formula)) width += QFontMetricsF(piece.level == 0 ? font : small(font)).horizontalAdvance(piece.text);
    return width;
}

void drawFormula(QPainter& painter, const QRectF& rect, Qt::Alignment horizontal, const QString& formula) {
    painter.save();
    const QFont font = painter.font();
    const QFontMetricsF metrics(font);
    const double spare = rect.width() - formulaWidth(font, formula);
    double x = rect.left() + (horizontal.testFlag(Qt::AlignRight) ? spare : horizontal.testFlag(Qt::AlignHCenter) ? spare / 2 : 0.0);
    const double base = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    for (const Piece& piece : pieces(formula)) {
        const QFont used = piece.level == 0 ? font : small(font);
        painter.setFont(used);
        const double shift = piece.level == 0 ? 0.0 : piece.level < 0 ? 0.22 * font.pixelSize() : -0.36 * font.pixelSize();
        painter.drawText(QPointF(x, base + shift), piece.text);
        x += QFontMetricsF(used).horizontalAdvance(piece.text);
    }
    painter.restore();
}

QString plainFormula(const QString& formula) {
    QString result;
    for (const Piece& piece : pieces(formula)) {
        if (piece.level != 0) result += piece.level < 0 ? QLatin1Char('_') : QLatin1Char('^');
        result += piece.text;
    }
    return result;
}

}  // namespace lab
