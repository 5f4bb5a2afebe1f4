#include "ui/pages/codes/formula_view.h"

#include <QPainter>
#include <QResizeEvent>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/column.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int signWidth = 22, signHeight = 26, lineHeight = 42, indexHeight = 14, lineEdge = 8;
constexpr int wordOver = 8;             ///< "free" is wider than its sign
constexpr std::size_t mostSigns = 600;  // drawn

bool isFree(const goedel::Syntax& syntax, std::size_t position) {
    return std::ranges::find(syntax.freePlaces, position) != syntax.freePlaces.end();
}

}  // namespace

FormulaLine::FormulaLine(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describePicture(this, tr("Formula"));
    followTheme(this, &FormulaLine::arrange);
}

void FormulaLine::setSequence(const CodedSequence& sequence, const goedel::SyntaxReading& reading) {
    m_sequence = sequence;
    m_reading = reading;
    describePicture(this, tr("Formula"), sentences({sequence.name(), shown(goedel::syntaxText(reading))}));
    arrange();
    update();
}

std::size_t FormulaLine::columns() const {
    const Theme& theme = Theme::instance();
    return static_cast<std::size_t>(std::max(1, (width() - 2 * theme.px(lineEdge)) / theme.px(signWidth)));
}

QRectF FormulaLine::signRect(std::size_t position) const {
    const Theme& theme = Theme::instance();
    return {theme.px(lineEdge) + static_cast<double>(position % columns()) * theme.px(signWidth),
            theme.px(lineEdge) / 2.0 + static_cast<double>(position / columns()) * theme.px(lineHeight),
            static_cast<double>(theme.px(signWidth)), static_cast<double>(theme.px(signHeight))};
}

void FormulaLine::arrange() {
    const std::size_t last = std::min(m_sequence.length(), mostSigns);
    setFixedHeight(Theme::instance().px(lineEdge) + static_cast<int>(last / columns() + 1) * Theme::instance().px(lineHeight));
}

void FormulaLine::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) arrange();
}

QSize FormulaLine::sizeHint() const {
    return {Theme::instance().px(8 * signWidth), height()};
}

void FormulaLine::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::screen));
    const std::size_t fault = m_reading.fault ? m_reading.fault->position : std::string::npos;
    const auto below = [&](const QRectF& sign) {
        return sign.translated(0, sign.height()).adjusted(0, 0, 0, theme.px(indexHeight) - sign.height());
    };
    for (std::size_t i = 0; i < std::min(m_sequence.length(), mostSigns); ++i) {
        const QRectF sign = signRect(i);
        const bool wrong = i >= fault, free = m_reading.syntax && isFree(*m_reading.syntax, i);
        if (i == fault) painter.fillRect(sign, theme.color(Role::wrongBackground));
        painter.setFont(theme.font(TextSize::meter, true));
        painter.setPen(theme.color(wrong ? Role::muted : Role::text));
        painter.drawText(sign, Qt::AlignCenter, qt(m_sequence.alphabet->symbol(m_sequence.symbols[i])));
        if (free)
            painter.fillRect(QRectF(sign.left() + 3, sign.bottom() - theme.px(2), sign.width() - 6, theme.px(2)),
                             theme.color(Role::series1));
        painter.setFont(theme.font(TextSize::caption, free));
        painter.setPen(theme.color(free ? Role::text : Role::muted));
        const double over = theme.px(free ? wordOver : 0);
        painter.drawText(below(sign).adjusted(-over, 0, over, 0), Qt::AlignCenter, free ? tr("free") : QString::number(i));
    }
    if (fault > mostSigns) return;
    const QRectF sign = signRect(fault);
    painter.fillRect(QRectF(sign.left() + 1, sign.bottom() - theme.px(2), sign.width() - 2, theme.px(2)), theme.color(Role::wrong));
    painter.setFont(theme.font(TextSize::caption, true));
    painter.setPen(theme.color(Role::wrong));
    painter.drawText(below(sign), Qt::AlignCenter, QStringLiteral("\u2191%1").arg(fault));
}

FormulaView::FormulaView(CodesState& state, QWidget* parent) : QWidget(parent), m_state(state) {
    m_stack = new CurrentStack(this);
    m_none =
        named("codes.arithmetic.formula",
              new EmptyState(tr("The sequence is not of the signs of arithmetic"),
                             tr("With the alphabet of formulas it is read as one: type ∀x¬Sx=0, or Ax~Sx=0."), tr("Alphabet: formulas")));
    auto* read = new QWidget;
    auto* lines = new QVBoxLayout(read);
    m_line = new FormulaLine(read);
    m_sentence = new ThemedLabel({}, TextSize::text, Role::text, true, read);
    m_help = new ThemedLabel({}, TextSize::axis, Role::muted, false, read);
    m_help->setText(tr(
        "A sentence has no free variable: it is true or false. A formula with a free variable says something of a number, and putting the "
        "numeral of a number, S…S0, in its place is an operation on the formula's own number (see Substitute)."));
    for (ThemedLabel* label : {m_sentence, m_help}) {
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    }
    lines->addWidget(m_line);
    lines->addWidget(m_sentence);
    lines->addWidget(m_help);
    lines->addStretch(1);
    keepSpacing(lines, {8, 4, 8, 4}, 6);
    auto* area = named("codes.arithmetic.formula_text", new QScrollArea);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(read);
    area->setAccessibleName(tr("Formula"));
    read->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    m_stack->addWidget(m_none);
    m_stack->addWidget(area);
    column(this)->addWidget(m_stack);
    connect(m_none, &EmptyState::activated, this, [this] { m_state.chooseAlphabet("formula"); });
}

QString FormulaView::sentence() const {
    return m_stack->currentIndex() == 0 ? QString() : m_sentence->text();
}

void FormulaView::refresh() {
    const CodedSequence& sequence = m_state.sequence();
    const bool isFormula = sequence.alphabet->id() == "formula";
    m_stack->setCurrentIndex(isFormula ? 1 : 0);
    if (!isFormula) return;
    if (m_line->sequence() == sequence) return;
    const goedel::SyntaxReading reading = goedel::readFormula(sequence.symbols);
    m_line->setSequence(sequence, reading);
    m_sentence->setRole(verdictRole(reading.syntax.has_value()));
    m_sentence->setText(verdictText(reading.syntax.has_value(), shown(goedel::syntaxText(reading))));
}

}  // namespace lab
