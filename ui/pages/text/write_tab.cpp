#include "ui/pages/text/write_tab.h"

#include <QVBoxLayout>

#include "ui/widgets/empty_state.h"
#include "ui/widgets/named.h"

namespace lab {

WriteTab::WriteTab(Focus& focus, QWidget* parent) : TextTab(focus, parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_absence = named("text.write.none",
                      new EmptyState(tr("This model was not trained on a text"),
                                     tr("Only a decoder that was trained on text writes: it goes on with the words it is given."),
                                     tr("Choose the task")));
    connect(m_absence, &EmptyState::activated, this, [this] { emit settingWanted(QStringLiteral("task.kind")); });
    layout->addWidget(m_absence);
}

TabHeading WriteTab::heading() const {
    return {focus().run() ? focus().run()->name() : tr("No run")};
}

void WriteTab::refresh() {}

TextTab* makeWriteTab(Focus& focus, QWidget* parent) {
    return new WriteTab(focus, parent);
}

}  // namespace lab
