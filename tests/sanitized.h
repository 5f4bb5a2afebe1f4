#pragma once

// LAB_SANITIZED: a sanitizer that keeps memory of its own is built in, so that limits of memory and what is allocated say nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LAB_SANITIZED
#elif defined(__has_feature)  // clang's way to say it
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LAB_SANITIZED
#endif
#endif
