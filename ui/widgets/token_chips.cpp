#include "ui/widgets/token_chips.h"

#include <QHelpEvent>
#include <QPainter>
#include <QScrollArea>
#include <QToolTip>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int tokenChipsMargin = 8;
constexpr int wordGap = 2;
constexpr int tokenChipsLineGap = 5;
constexpr int belowHeight = 14;
constexpr int lineEndsBreakAfter = 1;  ///< a chip that ends a line of the text ends one here, too

int heightOfLine(const std::vector<TextChip>& chips, ChipSize size) {
    const bool lines = std::ranges::any_of(chips, [](const TextChip& chip) { return !chip.below.isEmpty(); });
    return textChipHeight(size) + Theme::instance().px(lines ? belowHeight : 0);
}

int widthOfChip(const TextChip& chip, ChipSize size) {
    const int below = chip.below.isEmpty() ? 0 : textWidth(Theme::instance().font(TextSize::caption), chip.below) + 2;
    return std::max(textChipWidth(chip, size), below);
}

/// Where each stands in lines of that width.
std::vector<QRect> layOut(const std::vector<TextChip>& chips, ChipSize size, int width) {
    const Theme& theme = Theme::instance();
    const int side = theme.px(tokenChipsMargin), height = textChipHeight(size),
              line = heightOfLine(chips, size) + theme.px(tokenChipsLineGap);
    std::vector<QRect> rects;
    rects.reserve(chips.size());
    int left = side, top = side, begun = 0;
    for (const TextChip& chip : chips) {
        const int needs = widthOfChip(chip, size);
        const bool joins = chip.touches && begun > 0;
        int at = left + (begun == 0 || joins ? 0 : theme.px(wordGap));
        if (begun > 0 && at + needs > width - side) at = side, top += line, begun = 0;
        rects.emplace_back(at, top, needs, height);
        left = at + needs;
        ++begun;
        if (chip.kind == TextChip::Kind::text && chip.text.endsWith(QLatin1Char('\n'))) left = width, begun = lineEndsBreakAfter;
    }
    return rects;
}

bool sameLine(const QRect& a, const QRect& b) {
    return a.top() == b.top();
}

void paintBelow(QPainter& painter, const QRect& rect, const TextChip& chip, bool strong) {
    if (chip.below.isEmpty()) return;
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption, strong));
    painter.setPen(theme.color(strong ? Role::accent : Role::muted));
    painter.drawText(QRectF(rect.left() - 4, rect.bottom() + 1, rect.width() + 8, theme.px(belowHeight)), Qt::AlignHCenter | Qt::AlignTop,
                     chip.below);
}

QColor fillOf(const TextChip& chip, int index, TokenChips::Colouring colouring) {
    if (colouring == TokenChips::Colouring::byToken) return chipShade(index);
    if (colouring == TokenChips::Colouring::bits && chip.bits) return chipFill(*chip.bits);
    return {};
}

bool joinsNext(const std::vector<TextChip>& chips, const std::vector<QRect>& rects, std::size_t i) {
    return i + 1 < chips.size() && chips[i + 1].touches && sameLine(rects[i], rects[i + 1]);
}

bool joinsBefore(const std::vector<TextChip>& chips, const std::vector<QRect>& rects, std::size_t i) {
    return i > 0 && chips[i].touches && sameLine(rects[i - 1], rects[i]);
}

}  // namespace

TokenChips::TokenChips(const QString& name, ChipSize size, QWidget* parent) : QWidget(parent), m_size(size) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    describePicture(this, name);
    FocusRing::exempt(this);
    followTheme(this, [this] {
        m_arrangedFor = -1;
        arrange();
        updateGeometry();
    });
}

void TokenChips::setChips(std::vector<TextChip> chips) {
    if (m_chips == chips) return;
    m_chips = std::move(chips);
    const int last = static_cast<int>(m_chips.size()) - 1;
    m_cursor = std::clamp(m_cursor, 0, std::max(last, 0));
    if (m_chosen > last) m_chosen = -1;
    hover(-1);
    m_arrangedFor = -1;
    arrange();
    updateGeometry();
    update();
    describe();
}

void TokenChips::setColouring(Colouring colouring) {
    m_colouring = colouring;
    update();
}

void TokenChips::setHint(const QString& hint) {
    m_hint = hint;
    update();
}

void TokenChips::setChosen(int index) {
    if (m_chosen == index) return;
    m_chosen = index;
    if (index >= 0) m_cursor = index;
    update();
    describe();
}

void TokenChips::arrange() const {
    if (m_arrangedFor == width()) return;
    m_arrangedFor = width();
    m_rects = layOut(m_chips, m_size, width());
}

void TokenChips::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

int TokenChips::heightOf(const std::vector<TextChip>& chips, ChipSize size, int width) {
    const std::vector<QRect> rects = layOut(chips, size, width);
    const int last = rects.empty() ? 0 : rects.back().top() + heightOfLine(chips, size);
    return last + Theme::instance().px(tokenChipsMargin);
}

void TokenChips::paint(QPainter& painter, const std::vector<TextChip>& chips, ChipSize size, Colouring colouring, int width) {
    const std::vector<QRect> rects = layOut(chips, size, width);
    for (std::size_t i = 0; i < chips.size(); ++i) {
        ChipLook look{.size = size, .joinsLeft = joinsBefore(chips, rects, i), .joinsRight = joinsNext(chips, rects, i)};
        look.fill = fillOf(chips[i], static_cast<int>(i), colouring);
        paintTextChip(painter, rects[i], chips[i], look);
        paintBelow(painter, rects[i], chips[i], false);
    }
}

int TokenChips::heightForWidth(int width) const {
    return heightOf(m_chips, m_size, width);
}

QSize TokenChips::sizeHint() const {
    const int width = std::max(this->width(), Theme::instance().px(200));
    return {width, heightForWidth(width)};
}

QSize TokenChips::minimumSizeHint() const {
    return {Theme::instance().px(120), textChipHeight(m_size) + 2 * Theme::instance().px(tokenChipsMargin)};
}

QRect TokenChips::chipRect(int index) const {
    arrange();
    return index >= 0 && index < static_cast<int>(m_rects.size()) ? m_rects[static_cast<std::size_t>(index)] : QRect();
}

int TokenChips::chipAt(const QPoint& position) const {
    arrange();
    // Lines come one below the other: the first chip that ends below the point begins the search.
    const int below = heightOfLine(m_chips, m_size);
    auto each = std::ranges::partition_point(m_rects, [&](const QRect& rect) { return rect.top() + below < position.y(); });
    for (; each != m_rects.end() && each->top() <= position.y(); ++each)
        if (position.x() >= each->left() && position.x() <= each->right()) return static_cast<int>(each - m_rects.begin());
    return -1;
}

ChipLook TokenChips::lookOf(int index) const {
    const auto i = static_cast<std::size_t>(index);
    ChipLook look{.size = m_size, .joinsLeft = joinsBefore(m_chips, m_rects, i), .joinsRight = joinsNext(m_chips, m_rects, i)};
    look.hovered = index == m_hovered;
    look.chosen = index == m_chosen;
    look.fill = fillOf(m_chips[i], index, m_colouring);
    return look;
}

void TokenChips::paintEvent(QPaintEvent* event) {
    arrange();
    QPainter painter(this);
    if (m_chips.empty()) return paintEmpty(painter, rect(), m_hint);
    const int below = heightOfLine(m_chips, m_size);
    const auto from = std::ranges::partition_point(m_rects, [&](const QRect& rect) { return rect.top() + below < event->rect().top(); });
    const int first = static_cast<int>(from - m_rects.begin());
    int last = first;
    while (last < static_cast<int>(m_rects.size()) && m_rects[static_cast<std::size_t>(last)].top() <= event->rect().bottom()) ++last;
    const auto paintOne = [&](int index) {
        const auto i = static_cast<std::size_t>(index);
        const ChipLook look = lookOf(index);
        paintTextChip(painter, m_rects[i], m_chips[i], look);
        paintBelow(painter, m_rects[i], m_chips[i], look.chosen);
    };
    for (int i = first; i < last; ++i)
        if (i != m_chosen && i != m_hovered) paintOne(i);
    // Their frames lie on those of their neighbours.
    for (const int i : {m_hovered, m_chosen})
        if (i >= first && i < last) paintOne(i);
    if (hasFocus() && FocusRing::byKeyboard()) drawFocusRing(painter, chipRect(m_cursor), Theme::instance().px(3));
}

void TokenChips::hover(int index) {
    if (m_hovered == index) return;
    m_hovered = index;
    update();
    emit hoverChanged(index);
}

void TokenChips::mouseMoveEvent(QMouseEvent* event) {
    hover(chipAt(event->position().toPoint()));
}

void TokenChips::leaveEvent(QEvent*) {
    hover(-1);
}

void TokenChips::mousePressEvent(QMouseEvent* event) {
    const int index = event->button() == Qt::LeftButton ? chipAt(event->position().toPoint()) : -1;
    if (index < 0) return;
    m_cursor = index;
    setChosen(index);
    emit chipChosen(index);
}

void TokenChips::moveCursor(int index) {
    m_cursor = std::clamp(index, 0, std::max(static_cast<int>(m_chips.size()) - 1, 0));
    for (QWidget* above = parentWidget(); above; above = above->parentWidget())
        if (auto* area = qobject_cast<QScrollArea*>(above)) {
            const QPoint middle = mapTo(area->widget(), chipRect(m_cursor).center());
            area->ensureVisible(middle.x(), middle.y(), 0, Theme::instance().px(30));
        }
    hover(m_chips.empty() ? -1 : m_cursor);
    update();
    describe();
}

/// The chip nearest in the line above or below.
int TokenChips::verticalNeighbour(int by) const {
    const QRect here = chipRect(m_cursor);
    int best = m_cursor, line = -1;
    for (int i = m_cursor + by; i >= 0 && i < static_cast<int>(m_rects.size()); i += by) {
        const QRect& rect = m_rects[static_cast<std::size_t>(i)];
        if (sameLine(rect, here)) continue;
        if (line < 0) line = rect.top(), best = i;
        if (rect.top() != line) break;
        if (std::abs(rect.center().x() - here.center().x()) < std::abs(chipRect(best).center().x() - here.center().x())) best = i;
    }
    return best;
}

void TokenChips::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_chips.size()) - 1;
    switch (event->key()) {
        case Qt::Key_Left:
            return moveCursor(m_cursor - 1);
        case Qt::Key_Right:
            return moveCursor(m_cursor + 1);
        case Qt::Key_Up:
            return moveCursor(verticalNeighbour(-1));
        case Qt::Key_Down:
            return moveCursor(verticalNeighbour(1));
        case Qt::Key_Home:
            return moveCursor(0);
        case Qt::Key_End:
            return moveCursor(last);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_chips.empty()) break;
            setChosen(m_cursor);
            emit chipChosen(m_cursor);
            return;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

void TokenChips::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
    describe();
}

void TokenChips::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    if (!underMouse()) hover(-1);
    update();
}

bool TokenChips::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = chipAt(help->pos());
    const auto i = static_cast<std::size_t>(index);
    QString text = index < 0 ? QString() : m_chips[i].toolTip;
    if (index >= 0 && text.isEmpty() && isChipCut(m_chips[i], m_size)) text = m_chips[i].text.trimmed();
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), text, this, chipRect(index));
    return true;
}

void TokenChips::describe() {
    if (m_chips.empty()) return describePicture(this, accessibleName(), m_hint);
    const TextChip& chip = m_chips[static_cast<std::size_t>(m_cursor)];
    const QString place = tr("token %1 of %2: %3").arg(m_cursor + 1).arg(m_chips.size()).arg(chipSpoken(chip));
    describePicture(this, accessibleName(), chip.below.isEmpty() ? place : tr("%1, %2").arg(place, chip.below));
}

}  // namespace lab
