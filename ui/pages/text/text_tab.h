#pragma once

#include "ui/pages/page_tab.h"

namespace lab {

/// What makes a tab of the page Text.
using MakeTextTab = PageTab*(Focus& focus, QWidget* parent);
MakeTextTab makeCorpusTab, makeTokensTab, makeWriteTab, makeSentencesTab;

}  // namespace lab
