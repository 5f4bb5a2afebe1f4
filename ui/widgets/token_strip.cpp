#include "ui/widgets/token_strip.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/piece_text.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int tokenStripChipWidth = 28;
constexpr int tokenStripTokenHeight = 26;
constexpr int predictionHeight = 24;
constexpr int tokenStripGap = 2;
constexpr int ringMargin = 4;
constexpr int textPadding = 6;
constexpr int leadWidth = 16;
constexpr int fadeWidth = 28;
constexpr int pieceEditorWidth = 112;

QFont tokenFont(bool bold) {
    return Theme::instance().font(TextSize::token, bold);
}

/// What is answered, and muted behind it what is true.
void paintBesideTruth(QPainter& painter, const QRectF& rect, const PredictionChip& prediction) {
    const double whole = textWidth(painter.font(), prediction.shown()), said = textWidth(painter.font(), prediction.text);
    const double left = std::max(rect.left(), rect.center().x() - whole / 2);
    painter.drawText(QRectF(left, rect.top(), said + 1, rect.height()), Qt::AlignLeft | Qt::AlignVCenter, prediction.text);
    painter.setPen(Theme::instance().color(Role::muted));
    painter.drawText(QRectF(left, rect.top(), whole + 1, rect.height()), Qt::AlignRight | Qt::AlignVCenter, prediction.truth);
}

}  // namespace

TokenStrip::TokenStrip(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describePicture(this, tr("Input tokens and predictions"));
    FocusRing::exempt(this);
    followTheme(this, &TokenStrip::arrange);
}

void TokenStrip::setTokens(std::vector<TokenChip> tokens) {
    if (m_tokens == tokens) return;
    if (m_tokens.size() != tokens.size()) m_scrolledByHand = false;
    if (isEditing() && m_edited >= static_cast<int>(tokens.size())) closeEditor();
    m_tokens = std::move(tokens);
    m_cursor = std::clamp(m_cursor, 0, std::max(static_cast<int>(m_tokens.size()) - 1, 0));
    arrange();
    describe();
    emit cursorMoved(m_cursor);
}

void TokenStrip::setFixed(bool fixed) {
    m_fixed = fixed;
    if (fixed) closeEditor();
}

void TokenStrip::setReadOnly(bool readOnly) {
    m_readOnly = readOnly;
    if (readOnly) closeEditor();
}

/// The token at the cursor with what the model says there.
void TokenStrip::describe() {
    const auto i = static_cast<std::size_t>(m_cursor);
    QString text;
    if (i < m_tokens.size())
        text = tr("position %1: %2").arg(QString::number(m_cursor), m_tokens[i].masked ? tr("masked") : m_tokens[i].inWords());
    if (i < m_predictions.size() && !m_predictions[i].text.isEmpty()) {
        using Verdict = PredictionChip::Verdict;
        const Verdict verdict = m_predictions[i].verdict;
        const QString said = verdict == Verdict::right          ? tr("%1, predicted %2, right")
                             : verdict == Verdict::wrong        ? tr("%1, predicted %2, wrong")
                             : verdict == Verdict::other        ? tr("%1, predicted %2, the text goes on otherwise")
                             : m_predictions[i].truth.isEmpty() ? tr("%1, predicted %2")
                                                                : tr("%1, predicted %2, the truth is %3");
        text = m_predictions[i].truth.isEmpty() ? said.arg(text, m_predictions[i].text)
                                                : said.arg(text, m_predictions[i].text, m_predictions[i].truth);
    }
    describePicture(this, accessibleName(), text);
}

void TokenStrip::setPredictions(std::vector<PredictionChip> predictions) {
    if (m_predictions == predictions) return;
    m_predictions = std::move(predictions);
    arrange();
    describe();
    revealAnswer();
}

void TokenStrip::setRing(int index) {
    if (m_ring == index) return;
    m_ring = index;
    revealRing();
    update();
}

void TokenStrip::setChosenPrediction(int index) {
    if (m_chosenPrediction == index) return;
    m_chosenPrediction = index;
    update();
}

/// Columns are as wide as their token and their prediction need, and 28 px at least.
void TokenStrip::arrange() {
    const Theme& theme = Theme::instance();
    const std::size_t columns = std::max(m_tokens.size(), m_predictions.size());
    const std::vector<int> before = m_lefts;
    m_lefts.assign(1, theme.px(ringMargin) + gapBefore(0));
    for (std::size_t i = 0; i < columns; ++i) {
        const bool piece = i < m_tokens.size() && m_tokens[i].piece;
        int width = piece ? 0 : theme.px(tokenStripChipWidth);
        const auto widen = [&](const QString& text) {
            if (text.size() > 1)
                width = std::max(width, std::min(pieceWidth(tokenFont(true), text), longestWord()) + 2 * theme.px(textPadding));
        };
        if (i < m_tokens.size()) width = std::max(width, widthOf(m_tokens[i]));
        if (i < m_predictions.size()) widen(m_predictions[i].shown());
        m_lefts.push_back(m_lefts.back() + width + gapBefore(i + 1));
    }
    update();
    if (m_lefts == before) return;
    scrollTo(m_offset);
    updateGeometry();
}

/// Between a column and the one before it: pieces of a word touch, words and sentences stand apart.
int TokenStrip::gapBefore(std::size_t column) const {
    const Theme& theme = Theme::instance();
    if (touches(column)) return 0;
    const bool leads = column < m_tokens.size() && !m_tokens[column].lead.isEmpty();
    return (column > 0 ? theme.px(tokenStripGap) : 0) + (leads ? theme.px(leadWidth) : 0);
}

bool TokenStrip::touches(std::size_t column) const {
    return column > 0 && column < m_tokens.size() && m_tokens[column].piece && m_tokens[column].piece->touches;
}

int TokenStrip::widthOf(const TokenChip& token) const {
    const Theme& theme = Theme::instance();
    if (token.piece) return textChipWidth(*token.piece, ChipSize::bar);
    const int padding = 2 * theme.px(textPadding);
    int width = 0;
    for (const QString& cell : token.cells) width += textWidth(tokenFont(true), cell) + padding;
    if (width > 0 || !token.picture.isNull() || token.text.size() <= 1) return width;
    return std::min(textWidth(tokenFont(true), token.text), longestWord()) + padding;
}

int TokenStrip::contentWidth() const {
    const Theme& theme = Theme::instance();
    return m_lefts.back() - theme.px(tokenStripGap) + theme.px(ringMargin);
}

QSize TokenStrip::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {contentWidth(), theme.px(tokenStripTokenHeight + tokenStripGap + predictionHeight) + 2 * theme.px(ringMargin)};
}

QSize TokenStrip::minimumSizeHint() const {
    return {Theme::instance().px(3 * tokenStripChipWidth), sizeHint().height()};
}

QRect TokenStrip::columnRect(int index, int row) const {
    const Theme& theme = Theme::instance();
    const auto i = static_cast<std::size_t>(index);
    const int left = m_lefts[i] - m_offset;
    const int width = m_lefts[i + 1] - m_lefts[i] - gapBefore(i + 1);
    const int top = theme.px(ringMargin);
    if (row == 0) return QRect(left, top, width, theme.px(tokenStripTokenHeight));
    return QRect(left, top + theme.px(tokenStripTokenHeight + tokenStripGap), width, theme.px(predictionHeight));
}

QRect TokenStrip::tokenRect(int index) const {
    return columnRect(index, 0);
}
/// Pieces may be typed anew as words, which are longer.
QRect TokenStrip::editorRect(int index) const {
    QRect rect = tokenRect(index);
    if (m_tokens[static_cast<std::size_t>(index)].piece)
        rect.setWidth(
            std::min(std::max(rect.width(), Theme::instance().px(pieceEditorWidth)), std::max(width() - rect.left(), rect.width())));
    return rect;
}
QRect TokenStrip::predictionRect(int index) const {
    return columnRect(index, 1);
}

/// -1 outside the columns.
int TokenStrip::columnAt(double x) const {
    const auto after = std::upper_bound(m_lefts.begin(), m_lefts.end(), static_cast<int>(x) + m_offset);
    if (after == m_lefts.begin() || after == m_lefts.end()) return -1;
    return static_cast<int>(after - m_lefts.begin()) - 1;
}

void TokenStrip::scrollTo(int offset) {
    const int before = m_offset;
    m_offset = std::clamp(offset, 0, farthest());
    if (before == m_offset) return;
    if (m_editor) m_editor->setGeometry(editorRect(m_edited));
    update();
    emit scrolled(m_offset);
}

int TokenStrip::farthest() const {
    return m_along ? std::max(contentWidth(), 0) : std::max(contentWidth() - width(), 0);
}

void TokenStrip::scrollAlong(int offset) {
    m_along = m_scrolledByHand = true;
    scrollTo(offset);
}

void TokenStrip::reveal(int index) {
    const QRect rect = tokenRect(index);
    const int margin = Theme::instance().px(ringMargin);
    if (rect.left() < margin) scrollTo(m_offset + rect.left() - margin);
    if (rect.right() > width() - margin) scrollTo(m_offset + rect.right() - width() + margin);
}

/// A decoder's answer begins late: what it says is worth more than the first tokens of a row that does not fit; the ring's column more
/// still.
void TokenStrip::revealAnswer() {
    if (m_scrolledByHand) return;
    const auto said = [](const PredictionChip& chip) { return !chip.text.isEmpty(); };
    const auto first = std::find_if(m_predictions.begin(), m_predictions.end(), said);
    const bool late = first != m_predictions.begin() && first != m_predictions.end();
    scrollTo(late ? m_lefts[static_cast<std::size_t>(first - m_predictions.begin())] - Theme::instance().px(ringMargin) : 0);
    revealRing();
}

void TokenStrip::revealRing() {
    if (m_ring >= 0 && m_ring + 1 < static_cast<int>(m_lefts.size())) reveal(m_ring);
}

void TokenStrip::follow(int index) {
    if (!m_scrolledByHand && index >= 0 && index + 1 < static_cast<int>(m_lefts.size())) reveal(index);
}

void TokenStrip::moveCursor(int index) {
    if (m_tokens.empty()) return;
    m_scrolledByHand = true;
    m_cursor = std::clamp(index, 0, static_cast<int>(m_tokens.size()) - 1);
    reveal(m_cursor);
    update();
    describe();
    emit cursorMoved(m_cursor);
}

void TokenStrip::edit(int index) {
    if (m_readOnly || index < 0 || index >= static_cast<int>(m_tokens.size())) return;
    closeEditor();
    moveCursor(index);
    const TokenChip& token = m_tokens[static_cast<std::size_t>(index)];
    if (m_fixed || token.special) return;
    m_edited = index;
    m_editor = named(objectName() + QStringLiteral(".editor"), new QLineEdit(token.edited.isEmpty() ? token.text : token.edited, this));
    m_editor->setFont(tokenFont(true));
    m_editor->setAlignment(Qt::AlignCenter);
    m_editor->setTextMargins(-2, 0, -2, 0);
    m_editor->setAccessibleName(tr("Token %1").arg(index));
    m_editor->setGeometry(editorRect(index));
    m_editor->installEventFilter(this);
    connect(m_editor, &QLineEdit::textEdited, this, [this](const QString& text) {
        const QString problem = m_check && !text.trimmed().isEmpty() ? m_check(m_edited, text.trimmed()) : QString();
        m_editor->setProperty("error", !problem.isEmpty());
        m_editor->update();
        emit editProblem(problem);
        if (problem.isEmpty() && m_tokenLength > 0 && text.trimmed().size() >= m_tokenLength) takeEdit(1);
    });
    m_editor->show();
    m_editor->selectAll();
    m_editor->setFocus();
}

/// Takes the text if it is a token, and goes on with the token `step` further; 0 ends the editing.
void TokenStrip::takeEdit(int step) {
    if (!m_editor) return;
    const int index = m_edited;
    const QString text = m_editor->text().trimmed();
    const QString problem = m_check ? m_check(index, text) : QString();
    if (!problem.isEmpty()) {
        m_editor->setProperty("error", true);
        m_editor->update();
        emit editProblem(problem);
        return;
    }
    const int next = index + step;
    closeEditor();
    const TokenChip& token = m_tokens[static_cast<std::size_t>(index)];
    if (text != (token.edited.isEmpty() ? token.text : token.edited)) emit tokenEdited(index, text);
    if (step != 0 && next >= 0 && next < static_cast<int>(m_tokens.size()))
        edit(next);
    else
        setFocus();
}

void TokenStrip::closeEditor() {
    if (!m_editor) return;
    QLineEdit* editor = m_editor;
    m_editor.clear();
    m_edited = -1;
    editor->removeEventFilter(this);
    editor->hide();
    editor->deleteLater();
    emit editProblem({});
}

bool TokenStrip::editorKey(int key) {
    switch (key) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            takeEdit(0);
            return true;
        case Qt::Key_Tab:
            takeEdit(1);
            return true;
        case Qt::Key_Backtab:
            takeEdit(-1);
            return true;
        case Qt::Key_Escape:
            closeEditor();
            setFocus();
            return true;
        default:
            return false;
    }
}

bool TokenStrip::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_editor && event->type() == QEvent::KeyPress) {
        if (editorKey(static_cast<QKeyEvent*>(event)->key())) return true;
    } else if (watched == m_editor && event->type() == QEvent::FocusOut) {
        const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
        if (reason != Qt::PopupFocusReason && reason != Qt::ActiveWindowFocusReason) closeEditor();
    }
    return QWidget::eventFilter(watched, event);
}

bool TokenStrip::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int column = columnAt(help->pos().x());
        const auto i = static_cast<std::size_t>(column);
        QString text;
        if (column >= 0 && i < m_predictions.size() && predictionRect(column).contains(help->pos())) {
            const QString more =
                m_predictionTip && m_predictions[i].verdict != PredictionChip::Verdict::none ? m_predictionTip(column) : QString();
            text =
                m_predictions[i].toolTip + (m_predictions[i].toolTip.isEmpty() || more.isEmpty() ? QString() : QStringLiteral("\n")) + more;
        }
        if (column >= 0 && i < m_tokens.size() && tokenRect(column).contains(help->pos())) text = m_tokens[i].toolTip;
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, this, columnRect(column, 0).united(columnRect(column, 1)));
        return true;
    }
    return QWidget::event(event);
}

/// The token under the mouse, the gap behind it included; -1 when there is none.
int TokenStrip::tokenAt(const QPointF& position) const {
    const int column = columnAt(position.x());
    if (column < 0 || column >= static_cast<int>(m_tokens.size())) return -1;
    const QRect rect = tokenRect(column);
    return position.y() >= rect.top() && position.y() <= rect.bottom() ? column : -1;
}

void TokenStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const int column = columnAt(event->position().x());
    const bool prediction =
        column >= 0 && column < static_cast<int>(m_predictions.size()) && predictionRect(column).contains(event->position().toPoint());
    if (prediction) emit predictionPressed(column);
    edit(tokenAt(event->position()));
}

void TokenStrip::mouseMoveEvent(QMouseEvent* event) {
    const int hovered = tokenAt(event->position());
    if (hovered == m_hovered) return;
    m_hovered = hovered;
    setCursor(hovered >= 0 && !m_readOnly && !m_fixed ? Qt::IBeamCursor : Qt::ArrowCursor);
    update();
}

void TokenStrip::leaveEvent(QEvent*) {
    m_hovered = -1;
    update();
}

void TokenStrip::keyPressEvent(QKeyEvent* event) {
    if (changeKey(event->key(), event->modifiers().testFlag(Qt::ShiftModifier))) return;
    switch (event->key()) {
        case Qt::Key_Left:
            return moveCursor(m_cursor - 1);
        case Qt::Key_Right:
            return moveCursor(m_cursor + 1);
        case Qt::Key_Home:
            return moveCursor(0);
        case Qt::Key_End:
            return moveCursor(static_cast<int>(m_tokens.size()) - 1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_F2:
            return edit(m_cursor);
        default:
            QWidget::keyPressEvent(event);
    }
}

bool TokenStrip::changeKey(int key, bool shift) {
    if (m_readOnly || m_tokens.empty() || (m_fixed && key != Qt::Key_M)) return false;
    switch (key) {
        case Qt::Key_Insert:
            emit insertWanted(shift ? m_cursor + 1 : m_cursor);
            return true;
        case Qt::Key_Delete:
        case Qt::Key_Backspace:
            emit removeWanted(m_cursor);
            return true;
        case Qt::Key_M:
            if (shift && !m_maskName.isEmpty())
                emit hideWanted(m_cursor);
            else
                emit maskWanted(m_cursor);
            return true;
        default:
            return false;
    }
}

void TokenStrip::contextMenuEvent(QContextMenuEvent* event) {
    const bool byMouse = event->reason() == QContextMenuEvent::Mouse;
    const int index = byMouse ? columnAt(event->pos().x()) : m_cursor;
    if (m_readOnly || index < 0 || index >= static_cast<int>(m_tokens.size())) return;
    closeEditor();
    moveCursor(index);
    QMenu menu(this);
    const auto offer = [&](const QString& text, const QKeySequence& key, auto act) {
        QAction* action = menu.addAction(text, this, act);
        action->setShortcut(key);
    };
    if (!m_fixed) {
        offer(tr("Change"), Qt::Key_Return, [this, index] { edit(index); });
        offer(tr("Insert before"), Qt::Key_Insert, [this, index] { emit insertWanted(index); });
        offer(tr("Insert behind"), Qt::SHIFT | Qt::Key_Insert, [this, index] { emit insertWanted(index + 1); });
        offer(tr("Delete"), Qt::Key_Delete, [this, index] { emit removeWanted(index); });
    }
    const bool hidden = m_tokens[static_cast<std::size_t>(index)].masked;
    if (m_maskName.isEmpty()) {
        offer(hidden ? tr("Unmask") : tr("Mask"), Qt::Key_M, [this, index] { emit maskWanted(index); });
    } else {
        offer(tr("Put %1 here, or take it away").arg(m_maskName), Qt::Key_M, [this, index] { emit maskWanted(index); });
        offer(hidden ? tr("Show to the queries") : tr("Hide from every query"), Qt::SHIFT | Qt::Key_M,
              [this, index] { emit hideWanted(index); });
    }
    numberActions(menu, objectName());
    menu.exec(byMouse ? event->globalPos() : mapToGlobal(tokenRect(index).bottomLeft()));
}

void TokenStrip::wheelEvent(QWheelEvent* event) {
    m_scrolledByHand = true;
    const QPoint turn = event->angleDelta();
    scrollTo(m_offset - (turn.x() != 0 ? turn.x() : turn.y()) / 2);
    event->accept();
}

void TokenStrip::resizeEvent(QResizeEvent*) {
    scrollTo(m_offset);
    revealAnswer();
}
void TokenStrip::focusInEvent(QFocusEvent*) {
    if (FocusRing::byKeyboard()) reveal(m_cursor);
    update();
}
void TokenStrip::focusOutEvent(QFocusEvent*) {
    update();
}

void TokenStrip::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    const int columns = static_cast<int>(m_lefts.size()) - 1;
    const int first = std::max(columnAt(event->rect().left() - 1), 0);
    for (int i = first; i < columns && columnRect(i, 0).left() <= event->rect().right(); ++i) {
        if (i < static_cast<int>(m_tokens.size())) paintToken(painter, i);
        if (i < static_cast<int>(m_predictions.size())) paintPrediction(painter, i);
    }
    const Theme& theme = Theme::instance();
    paintFades(painter);
    if (contentWidth() > width()) {  // where in the row one is
        const double bar = theme.px(2);
        const double scale = static_cast<double>(width()) / contentWidth();
        painter.fillRect(QRectF(m_offset * scale, height() - bar, width() * scale, bar), theme.color(Role::controlBorder));
    }
}

/// A row that goes on beyond an edge fades there: a word is not cut as if it ended.
void TokenStrip::paintFades(QPainter& painter) const {
    const double fade = Theme::instance().px(fadeWidth), bar = Theme::instance().px(2);
    const QColor ground = Theme::instance().color(Role::panel);
    const auto paint = [&](double from, double to) {
        QLinearGradient gradient(from, 0, to, 0);
        QColor clear = ground;
        clear.setAlpha(0);
        gradient.setColorAt(0, ground);
        gradient.setColorAt(1, clear);
        painter.fillRect(QRectF(std::min(from, to), 0, fade, height() - bar), gradient);
    };
    if (m_offset > 0) paint(0, fade);
    if (m_offset + width() < contentWidth()) paint(width(), width() - fade);
}

void TokenStrip::paintToken(QPainter& painter, int index) const {
    const Theme& theme = Theme::instance();
    const TokenChip& token = m_tokens[static_cast<std::size_t>(index)];
    const QRectF rect = tokenRect(index);
    const bool hovered = index == m_hovered;
    const bool piece = token.piece && !token.masked;
    if (piece)
        paintPiece(painter, rect, static_cast<std::size_t>(index), hovered);
    else if (!token.special)
        drawFrame(painter, rect, theme.px(3), theme.color(hovered ? Role::text : Role::controlBorder),
                  theme.color(hovered ? Role::hover : Role::control));
    if (token.masked) drawHatch(painter, rect.adjusted(1, 1, -1, -1));
    if (!piece) paintFace(painter, rect, token);
    if (!token.lead.isEmpty()) {
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(rect.left() - theme.px(leadWidth), rect.top(), theme.px(leadWidth), rect.height()), Qt::AlignCenter,
                         token.lead);
    }
    if (token.marked)
        painter.fillRect(QRectF(rect.left() + 1, rect.bottom() - theme.px(3), rect.width() - 2, theme.px(3)), theme.color(Role::fill));
    const bool atCursor = index == m_cursor && hasFocus();
    if (index == m_ring || atCursor) {
        const double line = theme.px(2);
        drawFrame(painter, rect.adjusted(-line, -line, line, line), theme.px(4), theme.color(Role::accent), Qt::transparent, line);
        if (index == m_ring && atCursor) drawFrame(painter, rect, theme.px(3), theme.color(Role::accent), Qt::transparent, line);
    }
}

void TokenStrip::paintPiece(QPainter& painter, const QRectF& rect, std::size_t index, bool hovered) const {
    const bool joined = index > 0 && touches(index) && !m_tokens[index - 1].masked;
    const bool joins = touches(index + 1) && !m_tokens[index + 1].masked;
    paintTextChip(painter, rect, *m_tokens[index].piece,
                  {.size = ChipSize::bar, .joinsLeft = joined, .joinsRight = joins, .hovered = hovered});
}

void TokenStrip::paintFace(QPainter& painter, const QRectF& rect, const TokenChip& token) const {
    const Theme& theme = Theme::instance();
    if (!token.masked && !token.picture.isNull()) {
        const double side = std::min(rect.width(), rect.height()) - theme.px(4);
        const QRectF place(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side);
        return painter.drawImage(place, token.picture);
    }
    if (!token.masked && token.cells.size() > 1) return paintCells(painter, rect, token.cells);
    if (token.special) {
        QPen pen(theme.color(Role::controlBorder), 0);
        pen.setDashPattern({3, 2});
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(3), theme.px(3));
    }
    painter.setFont(token.special ? theme.font(TextSize::axis) : tokenFont(true));
    painter.setPen(theme.color(token.masked || token.special ? Role::muted : Role::text));
    drawElided(painter, rect.adjusted(2, 0, -2, 0), Qt::AlignHCenter, token.masked ? QStringLiteral("\u2013") : token.text);
}

/// Each number in a field of its own; the last is what the others are to tell.
void TokenStrip::paintCells(QPainter& painter, const QRectF& rect, const QStringList& cells) const {
    const Theme& theme = Theme::instance();
    const double padding = 2 * theme.px(textPadding);
    double wanted = 0, left = rect.left();
    for (const QString& cell : cells) wanted += textWidth(tokenFont(true), cell) + padding;
    const double spare = std::max(0.0, rect.width() - wanted) / static_cast<double>(cells.size());
    for (const QString& cell : cells) {
        const bool last = &cell == &cells.back();
        const double width = textWidth(tokenFont(true), cell) + padding + spare;
        painter.setFont(tokenFont(last));
        painter.setPen(theme.color(Role::text));
        painter.drawText(QRectF(left, rect.top(), width, rect.height()), Qt::AlignCenter, cell);
        left += width;
        if (!last) drawHairline(painter, QPointF(left, rect.top() + 1), QPointF(left, rect.bottom() - 1), theme.color(Role::controlBorder));
    }
}

void TokenStrip::paintPrediction(QPainter& painter, int index) const {
    using Verdict = PredictionChip::Verdict;
    const PredictionChip& prediction = m_predictions[static_cast<std::size_t>(index)];
    const Theme& theme = Theme::instance();
    const QRectF rect = predictionRect(index);
    if (index == m_chosenPrediction) drawFrame(painter, rect, theme.px(3), theme.color(Role::accent));
    if (prediction.verdict == Verdict::none) return;
    const bool wrong = prediction.verdict == Verdict::wrong;
    const bool other = prediction.verdict == Verdict::other || prediction.verdict == Verdict::measured;
    const bool muted = prediction.verdict == Verdict::other || prediction.verdict == Verdict::open;
    const double line = theme.px(2);
    if (wrong) painter.fillRect(rect, theme.color(Role::wrongBackground));
    painter.setFont(tokenFont(wrong));
    painter.setPen(theme.color(wrong ? Role::wrong : muted ? Role::muted : Role::text));
    if (prediction.truth.isEmpty())
        drawPiece(painter, rect.adjusted(line, 0, -line, -line), Qt::AlignHCenter, prediction.text);
    else
        paintBesideTruth(painter, rect, prediction);
    if (prediction.verdict == Verdict::open) return;

    const double y = rect.bottom() - line / 2;
    if (other) return drawHairline(painter, QPointF(rect.left(), y), QPointF(rect.right(), y), theme.color(Role::hairline));
    QPen pen(theme.color(wrong ? Role::wrong : Role::right), line, Qt::SolidLine, Qt::FlatCap);
    if (wrong) pen.setDashPattern({2.5, 1.75});
    painter.setPen(pen);
    painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y));
    if (!wrong) return;
    painter.setFont(theme.font(TextSize::axis, true));
    const QRectF corner(rect.right() - theme.px(9), rect.top() - theme.px(4), theme.px(9), theme.px(12));
    painter.drawText(corner, Qt::AlignCenter, QStringLiteral("\u00D7"));
}

}  // namespace lab
