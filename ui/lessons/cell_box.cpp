#include "ui/lessons/cell_box.h"

#include <QVBoxLayout>

#include "ui/runs/focus.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {

CellBox::CellBox(const PredictionScene& scene) : m_prediction(scene.prediction) {
    m_text = new ThemedLabel(tr("Click the cell in the map."), TextSize::text, Role::muted);
    m_text->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    keepSpacing(column, {}, 6);
    column->addWidget(m_text);
    Focus* focus = &scene.focus;
    connect(focus, &Focus::selectionChanged, this, [this, focus] {
        if (m_revealed) return;
        const Selection& cell = focus->selection();
        say({{}, {static_cast<double>(cell.query), static_cast<double>(cell.key)}});
    });
}

void CellBox::say(const Revealed& said) {
    m_said = said;
    m_text->setRole(Role::text);
    m_text->setText(tr("You say: query %1, key %2.").arg(said.numbers[0]).arg(said.numbers[1]));
    emit saidChanged();
}

void CellBox::reveal(const Revealed& right) {
    m_revealed = true;
    const QString cell = tr("query %1, key %2").arg(right.numbers[0]).arg(right.numbers[1]);
    if (!m_said) return m_text->setText(tr("It is %1.").arg(cell));
    const bool same = isRight(m_prediction, *m_said, right);
    m_text->setRole(verdictRole(same));
    m_text->setText(same ? tr("\u2713 It is %1, as you said.").arg(cell)
                         : tr("\u00d7 You said query %1, key %2; it is %3.").arg(m_said->numbers[0]).arg(m_said->numbers[1]).arg(cell));
}

}  // namespace lab
