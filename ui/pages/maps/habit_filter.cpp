#include "ui/pages/maps/habit_filter.h"

#include <QHBoxLayout>

#include "ui/runs/habit_study.h"
#include "ui/scenes/head_names.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int habitFilterGap = 5;
constexpr int habitFilterBelow = 6;

}  // namespace

HabitFilter::HabitFilter(QWidget* parent) : QWidget(parent), m_counts(habitTable().size(), 0) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSizeConstraint(QLayout::SetNoConstraint);
    const auto add = [&](const QString& id, std::optional<HeadHabit> habit) {
        Button* button = named(id, new Button(QStringLiteral(" "), this));
        button->setCheckable(true);
        layout->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, habit] {
            setFilter(habit == m_filter ? std::nullopt : habit);
            emit filterChosen(m_filter);
        });
        return button;
    };
    m_all = add(QStringLiteral("maps.filter.all"), std::nullopt);
    m_all->setToolTip(tr("Every head stands out (0)"));
    for (std::size_t i = 0; i < habitTable().size(); ++i) {
        const HeadHabit habit = habitTable()[i].habit;
        m_kinds.push_back(add(QStringLiteral("maps.filter.") + QLatin1String(habitTable()[i].name), habit));
        m_kinds.back()->setKeycap(habitLetter(habit));
        m_kinds.back()->setToolTip(habitHelp(habit));
    }
    layout->addStretch(1);
    m_state = new ThemedLabel({}, TextSize::caption, Role::muted, false, this);
    layout->addWidget(m_state);
    m_again = named("maps.filter.again", new Button(tr("Again"), this));
    m_again->setToolTip(tr("Finds out anew what the heads usually do, at the step that is shown"));
    layout->addWidget(m_again);
    connect(m_again, &QPushButton::clicked, this, [this] { m_measuring ? emit stopWanted() : emit againWanted(); });
    whenThemed(this, [this, layout] {
        layout->setSpacing(Theme::instance().px(habitFilterGap));
        layout->setContentsMargins(0, 0, 0, Theme::instance().px(habitFilterBelow));
        arrange();
    });
    setFilter(std::nullopt);
}

void HabitFilter::setHeads(int heads) {
    m_heads = heads;
    fill();
}

void HabitFilter::setFilter(std::optional<HeadHabit> filter) {
    m_filter = filter;
    m_all->setChecked(!filter);
    for (std::size_t i = 0; i < m_kinds.size(); ++i) m_kinds[i]->setChecked(filter == habitTable()[i].habit);
}

void HabitFilter::tell(const HabitStudy& study) {
    m_counts.assign(habitTable().size(), 0);
    for (const SurveyedHead& head : study.heads()) ++m_counts[static_cast<std::size_t>(head.habit())];
    m_measuring = study.measuring();
    const auto set = [&study](int n) {
        return study.ofSentences() ? counted(LAB_PLURAL("maps", "on %n sentence(s)"), n)
                                   : counted(LAB_PLURAL("maps", "on %n validation input(s)"), n);
    };
    QString state = study.error();
    if (state.isEmpty()) {
        if (!study.complete())
            state = tr("%1 of %2").arg(QString::number(study.done()), QString::number(study.total()));
        else
            state = set(study.total());
        if (study.stale()) state = tr("%1, of step %2").arg(state, grouped(study.step()));
    }
    m_state->setText(state);
    m_state->setToolTip(tr("What a head is called here it does %1, not on this input alone.").arg(set(study.total())));
    m_again->setText(m_measuring ? tr("Stop") : tr("Again"));
    m_again->setVisible(m_measuring || study.stale() || !study.complete());
    fill();
}

QString HabitFilter::textOf(HeadHabit habit, bool brief) const {
    const QString count = QString::number(m_counts[static_cast<std::size_t>(habit)]);
    return brief && !habitLetter(habit).isEmpty() ? count : tr("%1 %2").arg(habitTitle(habit), count);
}

void HabitFilter::fill() {
    m_all->setText(tr("all %1").arg(m_heads));
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        const HeadHabit habit = habitTable()[i].habit;
        m_kinds[i]->setVisible(m_counts[i] > 0 || m_filter == habit);
        m_kinds[i]->setAccessibleName(textOf(habit, false));
    }
    arrange();
}

/// Letters alone where there is no room for words.
void HabitFilter::arrange() {
    const int gap = layout()->spacing();
    int needed =
        m_all->sizeHint().width() + m_state->sizeHint().width() + (m_again->isHidden() ? 0 : m_again->sizeHint().width() + gap) + gap;
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        m_kinds[i]->setText(textOf(habitTable()[i].habit, false));
        if (!m_kinds[i]->isHidden()) needed += m_kinds[i]->sizeHint().width() + gap;
    }
    if (needed <= width()) return;
    for (std::size_t i = 0; i < m_kinds.size(); ++i) m_kinds[i]->setText(textOf(habitTable()[i].habit, true));
}

QSize HabitFilter::minimumSizeHint() const {
    return {1, m_all->sizeHint().height() + Theme::instance().px(habitFilterBelow)};
}

void HabitFilter::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

}  // namespace lab
