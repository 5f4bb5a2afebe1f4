#include "ui/pages/text/text_page.h"

#include "ui/pages/text/text_tab.h"

namespace lab {
namespace {

constexpr int firstTab = 1;  ///< Tokens, of which there is something to see without any run

}  // namespace

TextPage::TextPage(Focus& focus, QWidget* parent) : TabbedPage(focus, parent) {
    setTabs({{QStringLiteral("corpus"), tr("Corpus"), makeCorpusTab(focus, nullptr)},
             {QStringLiteral("tokens"), tr("Tokens"), makeTokensTab(focus, nullptr)},
             {QStringLiteral("write"), tr("Write"), makeWriteTab(focus, nullptr)},
             {QStringLiteral("sentences"), tr("Sentences"), makeSentencesTab(focus, nullptr)}},
            firstTab);
}

}  // namespace lab
