#pragma once

#include "ui/pages/page_tab.h"

namespace lab {

/// What makes a tab of the page Stream; the name that places have for it and its title stand in stream_page.cpp.
using MakeStreamTab = PageTab*(Focus& focus, QWidget* parent);
MakeStreamTab makeLensTab, makePatchingTab, makeCircuitsTab, makeNeuronsTab, makeSuperpositionTab;

}  // namespace lab
