#include "ui/pages/text/written_view.h"

#include <QAbstractTextDocumentLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>
#include <algorithm>
#include <utility>

#include "ui/widgets/color_map.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int pageMargin = 14;
constexpr int lineSpace = 12;
constexpr double radius = 3, frame = 2;
constexpr double barGap = 1;

ColorScaling shades() {
    return {ColorMap::Kind::trace, 0, mostSurpriseShown};
}

/// LOOK2 3: the bar's height says roughly what its colour says.
double barHeight(double weight) {
    return weight >= 0.2 ? 6 : weight >= 0.1 ? 4 : 3;
}

std::vector<int> startsOf(const std::vector<WrittenPiece>& pieces) {
    std::vector<int> starts{0};
    for (const WrittenPiece& piece : pieces) starts.push_back(starts.back() + static_cast<int>(piece.text.size()));
    return starts;
}

/// Blanks in front of a word are the gap itself and have no shade; a token of nothing else has one.
int blanksBefore(const WrittenPiece& piece) {
    int blanks = 0;
    while (blanks < piece.text.size() && piece.text[blanks].isSpace()) ++blanks;
    return blanks < piece.text.size() ? blanks : 0;
}

QColor inkOf(const WrittenPiece& piece) {
    if (!piece.surprise) return Theme::instance().color(Role::muted);
    return ColorMap::ink(shades().color(*piece.surprise));
}

/// Characters from .. to of a document, one rectangle a line.
std::vector<QRectF> rectsIn(const QTextDocument& document, int from, int to) {
    std::vector<QRectF> rects;
    for (QTextBlock block = document.findBlock(from); block.isValid() && block.position() < to; block = block.next()) {
        const QPointF corner = document.documentLayout()->blockBoundingRect(block).topLeft();
        const QTextLayout* layout = block.layout();
        const int begin = std::max(0, from - block.position()), end = std::min(to - block.position(), block.length() - 1);
        for (int i = 0; i < layout->lineCount(); ++i) {
            const QTextLine line = layout->lineAt(i);
            const int first = std::max(begin, line.textStart()), last = std::min(end, line.textStart() + line.textLength());
            if (first >= last) continue;
            const double left = line.cursorToX(first), right = line.cursorToX(last);
            rects.emplace_back(corner.x() + left, corner.y() + line.y(), right - left, line.ascent() + line.descent());
        }
    }
    return rects;
}

void paintShade(QPainter& painter, const std::vector<QRectF>& rects, const WrittenPiece& piece) {
    if (!piece.surprise) return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(shades().color(*piece.surprise)));
    for (const QRectF& rect : rects) painter.drawRoundedRect(rect, radius, radius);
}

void paintBar(QPainter& painter, const std::vector<QRectF>& rects, double weight) {
    const Theme& theme = Theme::instance();
    if (weight < 0.01) return;
    const QColor color(ColorMap::themed(ColorMap::Kind::trace).color(0.25 + 0.75 * weight));
    for (const QRectF& rect : rects)
        painter.fillRect(QRectF(rect.left(), rect.bottom() + theme.px(barGap), rect.width(), theme.px(barHeight(weight))), color);
}

/// The pieces as a document of that width; its texts have the pieces' inks.
void fill(QTextDocument& document, const std::vector<WrittenPiece>& pieces, double width) {
    document.setDocumentMargin(0);
    document.setDefaultFont(Theme::instance().font(TextSize::token));
    QTextCursor cursor(&document);
    for (const WrittenPiece& piece : pieces) {
        QTextCharFormat format;
        format.setForeground(inkOf(piece));
        cursor.insertText(shownCharacters(piece.text), format);
    }
    QTextBlockFormat lines;
    lines.setLineHeight(Theme::instance().px(lineSpace), QTextBlockFormat::LineDistanceHeight);
    cursor.select(QTextCursor::Document);
    cursor.mergeBlockFormat(lines);
    document.setTextWidth(width);
}

}  // namespace

QString shownCharacters(QString text) {
    for (QChar& character : text)
        if (character != QLatin1Char('\n') && character != QLatin1Char('\t') &&
            (character.category() == QChar::Other_Control || character == QChar::ParagraphSeparator || character == QChar::LineSeparator ||
             character == QChar::ObjectReplacementCharacter))
            character = QChar::ReplacementCharacter;
    return text;
}

WrittenView::WrittenView(QWidget* parent) : QTextEdit(parent) {
    setAcceptRichText(false);
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Written text"));
    connect(document(), &QTextDocument::contentsChanged, this, [this] {
        if (!m_setting) tellEdit();
    });
    followTheme(this, &WrittenView::applyMeasures);
}

void WrittenView::applyMeasures() {
    const Theme& theme = Theme::instance();
    m_setting = true;
    document()->setDocumentMargin(theme.px(pageMargin));
    setFont(theme.font(TextSize::token));
    m_setting = false;
    format();
}

void WrittenView::setPieces(const std::vector<WrittenPiece>& pieces, int chosen) {
    if (pieces == m_pieces && chosen == m_chosen) return;
    QString text;
    for (const WrittenPiece& piece : pieces) text += shownCharacters(piece.text);
    m_pieces = pieces;
    m_starts = startsOf(m_pieces);
    m_chosen = chosen;
    setPlain(text);
    format();
    describe();
}

/// What differs from before: the document itself tells of more than was typed.
void WrittenView::tellEdit() {
    const QString old = std::exchange(m_plain, toPlainText());
    if (old == m_plain) return;
    // Of equal letters it cannot be seen which are new; the caret stands behind them.
    const qsizetype caret = textCursor().position();
    qsizetype from = 0, behind = 0;
    while (behind < std::min(old.size(), m_plain.size() - caret) && old[old.size() - 1 - behind] == m_plain[m_plain.size() - 1 - behind])
        ++behind;
    const qsizetype shorter = std::min(old.size(), m_plain.size()) - behind;
    while (from < shorter && old[from] == m_plain[from]) ++from;
    emit edited(m_plain, static_cast<int>(from), static_cast<int>(old.size() - behind - from), static_cast<int>(m_plain.size() - behind));
}

/// Changes no more of the document than differs.
void WrittenView::setPlain(const QString& text) {
    const QString old = toPlainText();
    m_plain = text;
    if (old == text) return;
    const bool atEnd = textCursor().position() >= old.size();
    qsizetype same = 0;
    while (same < std::min(old.size(), text.size()) && old[same] == text[same]) ++same;
    m_setting = true;
    QTextCursor cursor(document());
    cursor.setPosition(static_cast<int>(same));
    cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
    cursor.insertText(text.mid(same));
    if (atEnd) {
        QTextCursor caret = textCursor();
        caret.movePosition(QTextCursor::End);
        setTextCursor(caret);
        ensureCursorVisible();
    }
    m_setting = false;
}

void WrittenView::format() {
    m_setting = true;
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    QTextBlockFormat lines;
    lines.setLineHeight(Theme::instance().px(lineSpace), QTextBlockFormat::LineDistanceHeight);
    cursor.setBlockFormat(lines);
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        cursor.setPosition(m_starts[i]);
        cursor.setPosition(m_starts[i + 1], QTextCursor::KeepAnchor);
        QTextCharFormat letters;
        letters.setForeground(inkOf(m_pieces[i]));
        if (static_cast<int>(i) == m_chosen) letters.setFontWeight(QFont::Bold);
        cursor.setCharFormat(letters);
    }
    m_setting = false;
    viewport()->update();
}

void WrittenView::describe() {
    setAccessibleDescription(
        m_chosen >= 0 && m_pieces[static_cast<std::size_t>(m_chosen)].surprise
            ? tr("chosen: %1, surprise %2 bits")
                  .arg(m_pieces[static_cast<std::size_t>(m_chosen)].text, fixed(*m_pieces[static_cast<std::size_t>(m_chosen)].surprise, 2))
            : QString());
}

std::vector<QRectF> WrittenView::rectsOf(int piece) const {
    const auto i = static_cast<std::size_t>(piece);
    std::vector<QRectF> rects = rectsIn(*document(), m_starts[i] + blanksBefore(m_pieces[i]), m_starts[i + 1]);
    for (QRectF& rect : rects) rect.translate(-horizontalScrollBar()->value(), -verticalScrollBar()->value());
    return rects;
}

int WrittenView::pieceAt(const QPoint& position) const {
    const double half = Theme::instance().px(lineSpace) / 2.0;
    for (std::size_t i = 0; i < m_pieces.size(); ++i)
        for (const QRectF& rect : rectsIn(*document(), m_starts[i], m_starts[i + 1]))
            if (rect.translated(-horizontalScrollBar()->value(), -verticalScrollBar()->value())
                    .adjusted(0, -half, 0, half)
                    .contains(QPointF(position)))
                return static_cast<int>(i);
    return -1;
}

void WrittenView::paintEvent(QPaintEvent* event) {
    {
        QPainter painter(viewport());
        painter.setRenderHint(QPainter::Antialiasing);
        for (std::size_t i = 0; i < m_pieces.size() && m_starts.back() <= document()->characterCount(); ++i) {
            const auto rects = rectsOf(static_cast<int>(i));
            if (rects.empty() || rects.back().bottom() < 0 || rects.front().top() > viewport()->height()) continue;
            paintShade(painter, rects, m_pieces[i]);
            paintBar(painter, rects, m_pieces[i].weight);
            if (static_cast<int>(i) != m_chosen) continue;
            for (const QRectF& rect : rects)
                lab::drawFrame(painter, rect.adjusted(-2, -2, 2, 2), radius, Theme::instance().color(Role::accent), Qt::transparent, frame);
        }
    }
    QTextEdit::paintEvent(event);
}

void WrittenView::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers() & Qt::ControlModifier) return emit writeOnWanted();
    if (event->matches(QKeySequence::Undo)) return emit backWanted();
    if (event->key() == Qt::Key_Right && event->modifiers() == Qt::NoModifier && textCursor().atEnd()) return emit oneTokenWanted();
    if (event->key() == Qt::Key_Escape) return event->ignore();
    QTextEdit::keyPressEvent(event);
}

void WrittenView::mouseReleaseEvent(QMouseEvent* event) {
    QTextEdit::mouseReleaseEvent(event);
    if (event->button() == Qt::LeftButton && !textCursor().hasSelection()) emit pieceChosen(pieceAt(event->pos()));
}

double WrittenView::heightOf(const std::vector<WrittenPiece>& pieces, double width) {
    QTextDocument document;
    fill(document, pieces, width);
    return document.size().height();
}

void WrittenView::paint(QPainter& painter, const std::vector<WrittenPiece>& pieces, double width) {
    QTextDocument document;
    fill(document, pieces, width);
    const std::vector<int> starts = startsOf(pieces);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const auto rects = rectsIn(document, starts[i] + blanksBefore(pieces[i]), starts[i + 1]);
        paintShade(painter, rects, pieces[i]);
        paintBar(painter, rects, pieces[i].weight);
    }
    document.drawContents(&painter);
}

}  // namespace lab
