#include "ui/pages/text/corpus_tab.h"

#include <QVBoxLayout>

#include "ui/widgets/empty_state.h"
#include "ui/widgets/named.h"

namespace lab {

CorpusTab::CorpusTab(Focus& focus, QWidget* parent) : TextTab(focus, parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_absence = named("text.corpus.none",
                      new EmptyState(tr("This run is not trained on a text"),
                                     tr("A corpus is read from text files; the task of the run says from which."), tr("Choose the task")));
    connect(m_absence, &EmptyState::activated, this, [this] { emit settingWanted(QStringLiteral("task.kind")); });
    layout->addWidget(m_absence);
}

TabHeading CorpusTab::heading() const {
    return {focus().run() ? focus().run()->name() : tr("No run")};
}

void CorpusTab::refresh() {}

TextTab* makeCorpusTab(Focus& focus, QWidget* parent) {
    return new CorpusTab(focus, parent);
}

}  // namespace lab
