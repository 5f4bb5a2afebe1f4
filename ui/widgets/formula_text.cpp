#include "ui/widgets/formula_text.h"

#include <QFontMetrics>
#include <QFontMetricsF>
#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/widgets/elided_texts.h"
#include "ui/widgets/paint.h"

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

constexpr double smallShare = 0.82;

}  // namespace

int indexPixels(int fontPixels) {
    return qRound(fontPixels * smallShare);
}

namespace {

QFont small(const QFont& font) {
    QFont result = font;
    result.setPixelSize(indexPixels(font.pixelSize()));
    return result;
}

/// Between the spaces outside marks.
QStringList words(const QString& formula) {
    QStringList result{QString()};
    bool inside = false;
    for (const QChar c : formula) {
        inside = c == QLatin1Char('{') || (inside && c != QLatin1Char('}'));
        if (c == QLatin1Char(' ') && !inside)
            result << QString();
        else
            result.back() += c;
    }
    return result;
}

}  // namespace

double formulaWidth(const QFont& font, const QString& formula) {
    double width = 0.0;
    for (const Piece& piece : pieces(formula)) width += textAdvance(piece.level == 0 ? font : small(font), piece.text);
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
        x += textAdvance(used, piece.text);
    }
    painter.restore();
}

QStringList wrappedFormula(const QFont& font, const QString& formula, double width) {
    QStringList lines;
    for (const QString& word : words(formula)) {
        const QString longer = lines.isEmpty() ? word : lines.back() + QLatin1Char(' ') + word;
        if (!lines.isEmpty() && formulaWidth(font, longer) <= width)
            lines.back() = longer;
        else
            lines << word;
    }
    return lines;
}

int formulaLinesHeight(const QFont& font, const QStringList& lines) {
    return static_cast<int>(lines.size()) * QFontMetrics(font).lineSpacing();
}

void drawFormulaLines(QPainter& painter, const QRectF& rect, const QStringList& lines) {
    const int high = QFontMetrics(painter.font()).lineSpacing();
    for (qsizetype i = 0; i < lines.size(); ++i)
        drawFormula(painter, QRectF(rect.left(), rect.top() + static_cast<double>(i) * high, rect.width(), high), Qt::AlignLeft,
                    lines[i].trimmed());
}

QString elidedFormula(const QFont& font, const QString& formula, double width) {
    if (formulaWidth(font, formula) <= width) return formula;
    return QFontMetrics(font).elidedText(plainFormula(formula), Qt::ElideRight, static_cast<int>(width));
}

void drawElidedFormula(QPainter& painter, const QRectF& rect, Qt::Alignment horizontal, const QString& formula) {
    const QString elided = elidedFormula(painter.font(), formula, std::max(rect.width(), 0.0));
    drawFormula(painter, rect, horizontal, elided);
    if (elided != formula) noteElided(painter, rect, plainFormula(formula));
}

QString formulaHtml(const QFont& font, const QString& formula) {
    // Rich text sets what is low or high in two thirds of its size.
    const int size = static_cast<int>(std::lround(font.pixelSize() * smallShare * 1.5));
    QString result;
    for (const Piece& piece : pieces(formula)) {
        const QString text = piece.text.toHtmlEscaped();
        if (piece.level == 0)
            result += text;
        else
            result += QStringLiteral("<%1><span style=\"font-size:%2px\">%3</span></%1>")
                          .arg(piece.level < 0 ? QStringLiteral("sub") : QStringLiteral("sup"))
                          .arg(size)
                          .arg(text);
    }
    return result;
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
