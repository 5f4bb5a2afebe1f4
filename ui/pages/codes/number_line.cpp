#include "ui/pages/codes/number_line.h"

#include <QClipboard>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QPainter>
#include <QResizeEvent>
#include <algorithm>

#include "core/goedel/natural.h"
#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr int edge = 10, digitsGap = 8, usualHeight = 34, copyHeight = 20;  // logical px at 100 %
constexpr std::size_t mostShown = 400;
constexpr QChar thin(0x2009);

int lineHeight(TextSize size) {
    return QFontMetrics(Theme::instance().font(size, true)).lineSpacing();
}

/// Broken between groups.
QStringList wrapped(const QFont& font, const QString& grouped, double width) {
    QStringList lines;
    const double space = textAdvance(font, QString(thin));
    double used = 0;
    for (const QString& group : grouped.split(thin)) {
        const double wide = textAdvance(font, group);
        if (!lines.isEmpty() && used + space + wide <= width) {
            lines.back() += thin + group;
            used += space + wide;
        } else {
            lines << group;
            used = wide;
        }
    }
    return lines;
}

}  // namespace

NumberLine::NumberLine(const QString& name, const QString& control, QWidget* parent) : QWidget(parent), m_name(name) {
    m_copy = named(control, new Button(tr("Copy"), this));
    m_copy->setHeight(copyHeight);
    m_copy->setToolTip(tr("All digits, without gaps, into the clipboard"));
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(QString::fromStdString(m_decimal)); });
    describePicture(this, m_name);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    followTheme(this, [this] { arrange(); });
}

QString NumberLine::rest(const std::string& decimal) {
    return decimal.size() <= mostShown ? QString()
                                       : counted(LAB_PLURAL("codes", "%1 digit(s)"), static_cast<std::int64_t>(decimal.size()),
                                                 {lab::grouped(static_cast<std::int64_t>(decimal.size()))});
}

void NumberLine::setName(const QString& name) {
    if (name == m_name) return;
    m_name = name;
    describePicture(this, m_name, sentences({m_text, rest(m_decimal)}));
    arrange();
}

void NumberLine::setNumber(const std::string& decimal) {
    if (m_isNumber && decimal == m_decimal) return;
    m_decimal = decimal;
    m_isNumber = true;
    m_wrong = false;
    m_text = shownText(decimal);
    describePicture(this, m_name, sentences({m_text, rest(decimal)}));
    m_copy->setEnabled(true);
    arrange();
}

void NumberLine::setWords(const QString& sentence, bool wrong) {
    m_decimal.clear();
    m_isNumber = false;
    m_wrong = wrong;
    m_text = sentence;
    describePicture(this, m_name, sentence);
    m_copy->setEnabled(false);
    arrange();
}

int NumberLine::heightOf(const Set& set) {
    return static_cast<int>(set.lines.size()) * lineHeight(set.size);
}

QString NumberLine::shownText(const std::string& decimal) {
    return qt(goedel::groupedDigits(decimal, mostShown));
}

void NumberLine::paint(QPainter& painter, const QRectF& room, const Set& set) {
    painter.setFont(Theme::instance().font(set.size, set.bold));
    const double high = lineHeight(set.size);
    double top = room.top() + std::max(0.0, (room.height() - high * static_cast<double>(set.lines.size())) / 2);
    for (const QString& line : set.lines) {
        drawElided(painter, QRectF(room.left(), top, room.width(), high), Qt::AlignLeft, line);
        top += high;
    }
}

NumberLine::Set NumberLine::setOf(const QString& grouped, double width) {
    const Theme& theme = Theme::instance();
    Set set;
    for (const auto& [size, most] : {std::pair(TextSize::meter, 1), std::pair(TextSize::text, 2), std::pair(TextSize::caption, 1000)}) {
        set = {size, wrapped(theme.font(size, true), grouped, width)};
        if (set.lines.size() <= most) break;
    }
    return set;
}

QRectF NumberLine::textRoom() const {
    const Theme& theme = Theme::instance();
    const double left = theme.px(edge) + textAdvance(theme.font(TextSize::token, true), m_name + QStringLiteral(" = "));
    const QString rest = NumberLine::rest(m_decimal);
    const double digits = rest.isEmpty() ? 0 : textAdvance(theme.font(TextSize::caption), rest) + theme.px(digitsGap);
    return {left, 0, std::max(1.0, m_copy->x() - left - digits - theme.px(digitsGap)), static_cast<double>(height())};
}

void NumberLine::arrange() {
    const Theme& theme = Theme::instance();
    m_copy->resize(m_copy->sizeHint());
    m_copy->move(width() - m_copy->width() - theme.px(edge), (height() - m_copy->height()) / 2);
    const double wide = textRoom().width();
    m_set = m_isNumber ? setOf(m_text, wide) : Set{TextSize::text, {m_text}, false};
    const int needed = std::max(theme.px(usualHeight), heightOf(m_set) + theme.px(6));
    const bool others = needed != height();
    setFixedHeight(needed);
    m_copy->move(m_copy->x(), (needed - m_copy->height()) / 2);
    update();
    if (others) emit heightChanged();
}

void NumberLine::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) arrange();
}

void NumberLine::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, {0, 0}, {static_cast<double>(width()), 0}, theme.color(Role::hairline));
    const QRectF room = textRoom();
    painter.setFont(theme.font(TextSize::token, true));
    painter.setPen(theme.color(Role::text));
    painter.drawText(QRectF(theme.px(edge), 0, room.left(), height()), Qt::AlignLeft | Qt::AlignVCenter, m_name + QStringLiteral(" ="));
    painter.setPen(theme.color(m_isNumber ? Role::text : m_wrong ? Role::wrong : Role::muted));
    paint(painter, room, m_set);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(room.right(), 0, m_copy->x() - room.right() - theme.px(digitsGap), height()), Qt::AlignRight | Qt::AlignVCenter,
                     rest(m_decimal));
}

}  // namespace lab
