#include "ui/widgets/piece_text.h"

#include <QPainter>
#include <QtMath>
#include <algorithm>

#include "ui/widgets/elided_texts.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double pieceBlankWidth = 7, blankHeight = 8, markGap = 2;
constexpr double markOpacity = 0.75;
constexpr int mostBlanks = 4;  ///< drawn one by one; of more the number is written

enum class PieceSigns { blanks, named };

PieceRun::Mark markOf(QChar character, PieceSigns signs) {
    const bool blanks = signs == PieceSigns::blanks;
    switch (character.unicode()) {
        case ' ':
            return blanks ? PieceRun::Mark::blank : PieceRun::Mark::none;
        case '\n':
            return PieceRun::Mark::lineEnd;
        case '\t':
            return PieceRun::Mark::tab;
        case 0x2423:  // as core/data/tokenizers/piece_tokenizer.cpp writes them
            return blanks ? PieceRun::Mark::none : PieceRun::Mark::blank;
        case 0x21B5:
            return blanks ? PieceRun::Mark::none : PieceRun::Mark::lineEnd;
        case 0x21E5:
            return blanks ? PieceRun::Mark::none : PieceRun::Mark::tab;
        default:
            return PieceRun::Mark::none;
    }
}

/// What cannot be seen as its code.
bool isUnseen(QChar character) {
    return character.category() == QChar::Other_Control || character.category() == QChar::Other_Format;
}

void addMarks(std::vector<PieceRun>& runs, PieceRun::Mark mark, int count) {
    if (count <= mostBlanks) return runs.insert(runs.end(), static_cast<std::size_t>(count), {{}, mark}), void();
    runs.push_back({{}, mark});
    runs.push_back({QStringLiteral("\u00D7%1").arg(count), PieceRun::Mark::none, true});
}

std::vector<PieceRun> runsOfPiece(const QString& text, PieceSigns signs) {
    std::vector<PieceRun> runs;
    for (int i = 0; i < text.size();) {
        const PieceRun::Mark mark = markOf(text[i], signs);
        const int from = i;
        if (mark != PieceRun::Mark::none) {
            while (i < text.size() && markOf(text[i], signs) == mark) ++i;
            addMarks(runs, mark, i - from);
        } else if (isUnseen(text[i])) {
            runs.push_back(
                {QString::number(text[i++].unicode(), 16).toUpper().rightJustified(2, QLatin1Char('0')), PieceRun::Mark::none, true});
        } else {
            while (i < text.size() && markOf(text[i], signs) == PieceRun::Mark::none && !isUnseen(text[i])) ++i;
            runs.push_back({text.mid(from, i - from)});
        }
    }
    return runs;
}

}  // namespace

bool hasPieceMarks(const QString& text) {
    return std::ranges::any_of(text, [](QChar each) {
        return each.category() == QChar::Other_Control || markOf(each, PieceSigns::named) != PieceRun::Mark::none;
    });
}

std::vector<PieceRun> pieceRuns(const QString& text) {
    return runsOfPiece(text, PieceSigns::blanks);
}

std::vector<PieceRun> namedPieceRuns(const QString& text) {
    return runsOfPiece(text, PieceSigns::named);
}

double pieceMarkWidth(PieceRun::Mark mark) {
    return Theme::instance().px(mark == PieceRun::Mark::blank ? pieceBlankWidth + markGap : pieceBlankWidth + 2 * markGap);
}

void paintPieceMark(QPainter& painter, PieceRun::Mark mark, double left, double middle, const QColor& ink) {
    const Theme& theme = Theme::instance();
    const double width = theme.px(pieceBlankWidth), half = theme.px(blankHeight) / 2.0;
    QColor color = ink;
    color.setAlphaF(static_cast<float>(markOpacity));
    painter.setPen(QPen(color, std::max(1.0, theme.px(12) / 10.0)));
    painter.setBrush(Qt::NoBrush);
    const double bottom = middle + half, right = left + width, arrow = theme.px(3);
    if (mark == PieceRun::Mark::blank) {
        const QPointF box[] = {{left, bottom - half}, {left, bottom}, {right, bottom}, {right, bottom - half}};
        return painter.drawPolyline(box, 4);
    }
    if (mark == PieceRun::Mark::lineEnd) {
        const QPointF line[] = {{right, middle - half}, {right, middle + arrow}, {left, middle + arrow}};
        painter.drawPolyline(line, 3);
        const QPointF head[] = {{left + arrow, middle}, {left, middle + arrow}, {left + arrow, middle + 2 * arrow}};
        return painter.drawPolyline(head, 3);
    }
    painter.drawLine(QPointF(left, middle), QPointF(right, middle));
    const QPointF head[] = {{right - arrow, middle - arrow}, {right, middle}, {right - arrow, middle + arrow}};
    painter.drawPolyline(head, 3);
    painter.drawLine(QPointF(right, middle - half), QPointF(right, middle + half));
}

int pieceWidth(const QFont& font, const QString& text) {
    if (!hasPieceMarks(text)) return textWidth(font, text);
    double width = 0;
    for (const PieceRun& run : namedPieceRuns(text))
        width += run.mark == PieceRun::Mark::none ? textAdvance(font, run.letters) : pieceMarkWidth(run.mark);
    return qCeil(width);
}

void drawPiece(QPainter& painter, const QRectF& room, Qt::Alignment horizontal, const QString& text) {
    if (!hasPieceMarks(text)) return drawElided(painter, room, horizontal, text);
    const QFont font = painter.font();
    QString shown = text;
    while (shown.size() > 1 && pieceWidth(font, shown) > room.width()) shown = shown.chopped(2) + QChar(0x2026);
    if (shown != text) noteElided(painter, room, text);
    const double width = pieceWidth(font, shown);
    const QPen pen = painter.pen();
    double left = horizontal.testFlag(Qt::AlignRight)     ? room.right() - width
                  : horizontal.testFlag(Qt::AlignHCenter) ? room.center().x() - width / 2
                                                          : room.left();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const PieceRun& run : namedPieceRuns(shown)) {
        const bool letters = run.mark == PieceRun::Mark::none;
        const double advance = letters ? textAdvance(font, run.letters) : pieceMarkWidth(run.mark);
        painter.setPen(pen);
        if (letters)
            painter.drawText(QRectF(left, room.top(), advance + 1, room.height()), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                             run.letters);
        else
            paintPieceMark(painter, run.mark, left + Theme::instance().px(1), room.center().y() + Theme::instance().px(1), pen.color());
        left += advance;
    }
    painter.restore();
}

}  // namespace lab
