#pragma once

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>
#include <vector>

class QPainter;

// How a piece of running text is written: its blanks, tabs and line ends are drawn marks, never letters (LOOK2 2).

namespace lab {

/// A part of a piece: letters, or a mark.
struct PieceRun {
    enum class Mark { none, blank, lineEnd, tab };
    QString letters{};
    Mark mark = Mark::none;
    bool muted = false;
};

/// The parts of a piece's own text. What cannot be seen is its code.
std::vector<PieceRun> pieceRuns(const QString& text);
/// The same of words that name pieces by signs for a blank, a tab or a line end; blanks part words there.
std::vector<PieceRun> namedPieceRuns(const QString& text);
/// How wide a mark is, with what stands about it.
double pieceMarkWidth(PieceRun::Mark mark);
/// `middle`: of letters beside it.
void paintPieceMark(QPainter& painter, PieceRun::Mark mark, double left, double middle, const QColor& ink);

/// Whether there is anything in it that is drawn as a mark, or as its code since it cannot be seen.
bool hasPieceMarks(const QString& text);
/// Px that a piece takes as drawPiece writes it.
int pieceWidth(const QFont& font, const QString& text);
/// One line with the painter's font and pen, with an ellipsis where `room` is too narrow. drawElided does so where there are marks.
void drawPiece(QPainter& painter, const QRectF& room, Qt::Alignment horizontal, const QString& text);

}  // namespace lab
