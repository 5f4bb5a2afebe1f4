#include "ui/pages/memory/query_dialog.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/pages/memory/pattern_pad.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int margin = 12, pixel = 18;  // logical px at 100 %

}  // namespace

QueryDialog::QueryDialog(MemoryState& state, QWidget* parent) : QDialog(parent), m_state(state) {
    setWindowTitle(tr("Draw the query"));
    auto* layout = new QVBoxLayout(this);
    m_pad = named("memory.draw.pad", new PatternPad(tr("Query"), pixel));
    m_pad->setDrawable(true);
    m_pad->setToolTip(
        tr("Left button: on. Right button: off. Arrows and Space without a mouse; Shift with an arrow moves the whole picture."));
    layout->addWidget(m_pad, 1);
    auto* row = new QHBoxLayout;
    const auto button = [&](const char* name, const QString& text, auto act) {
        auto* made = named(name, new Button(text));
        connect(made, &Button::clicked, this, act);
        row->addWidget(made);
    };
    button("memory.draw.clear", tr("Clear"),
           [this] { change(blankPattern(m_state.value().rows(), m_state.value().columns()), tr("Clear the query")); });
    button("memory.draw.invert", tr("Invert"), [this] { change(inverted(m_state.value().query), tr("Invert the query")); });
    button("memory.draw.undo", tr("Undo"), [this] { m_state.undo(); });
    row->addStretch(1);
    button("memory.draw.close", tr("Close"), [this] { accept(); });
    layout->addLayout(row);
    connect(m_pad, &PatternPad::strokeBegun, this, [this] { m_stroke = m_state.newStroke(); });
    connect(m_pad, &PatternPad::drawn, this, [this](int at, bool on) {
        Pattern query = m_state.value().query;
        query.states[static_cast<std::size_t>(at)] = on ? 1 : -1;
        change(std::move(query), tr("Draw the query"), m_stroke);
    });
    connect(m_pad, &PatternPad::shiftWanted, this,
            [this](int down, int right) { change(shifted(m_state.value().query, down, right), tr("Shift the query")); });
    connect(&m_state, &MemoryState::changed, this, &QueryDialog::showQuery);
    followTheme(this, &QueryDialog::applyMeasures);
    showQuery();
}

void QueryDialog::applyMeasures() {
    const int side = Theme::instance().px(margin);
    layout()->setContentsMargins(side, side, side, side);
}

void QueryDialog::showQuery() {
    m_pad->setPattern(&m_state.value().query);
}

void QueryDialog::change(Pattern query, const QString& what, int stroke) {
    MemoryValue value = m_state.value();
    value.query = std::move(query);
    m_state.edit(std::move(value), what, stroke);
}

}  // namespace lab
