#include "ui/pages/stream/stream_page.h"

#include "ui/pages/stream/stream_tab.h"

namespace lab {

StreamPage::StreamPage(Focus& focus, QWidget* parent) : TabbedPage(focus, parent) {
    setTabs({{QStringLiteral("lens"), tr("Lens"), makeLensTab(focus, nullptr)},
             {QStringLiteral("patching"), tr("Patching"), makePatchingTab(focus, nullptr)},
             {QStringLiteral("circuits"), tr("Circuits"), makeCircuitsTab(focus, nullptr)},
             {QStringLiteral("neurons"), tr("Neurons"), makeNeuronsTab(focus, nullptr)},
             {QStringLiteral("superposition"), tr("Superposition"), makeSuperpositionTab(focus, nullptr)}},
            0);
}

}  // namespace lab
