#include "ui/pages/stream/lens_tab.h"

#include "ui/pages/stream/stream_tab.h"

namespace lab {

PageTab* makeLensTab(Focus& focus, QWidget* parent) {
    return new LensTab(focus, parent);
}

LensTab::LensTab(Focus& focus, QWidget* parent) : PageTab(focus, parent) {}

TabHeading LensTab::heading() const {
    return {tr("Residual stream")};
}

}  // namespace lab
