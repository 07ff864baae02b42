/* kp - deterministic fault injector for a whole process tree (Linux x86-64, no root, no kernel module).
 * seccomp-BPF(RET_TRACE) + ptrace: stops ONLY at file-mutating syscalls, counts them globally over all
 * threads and all descendants (git, npm, sh, static binaries too), and acts at the N-th one.
 * usage: kp [-n N] [-m MODE] [-r ROOT]... [-l LOG] [-x HOOKCMD] [-S] -- cmd args...
 *  MODE: count | kill | torn | main | err:E | errp:E | hook
 *   kill  : SIGKILL the whole tree just before op N (all earlier ops completed, none later started)
 *   torn  : write op N is cut to half its length, then the tree is killed (other ops: killed after)
 *   main  : SIGKILL only the root process; descendants run on as orphans
 *   err:E : op N alone fails with errno E (ENOSPC EIO EDQUOT EROFS EMFILE EACCES EINTR ENOENT EBUSY EXDEV EPERM)
 *   errp:E: op N and every later op of a kind that can fail so fails with E (disk stays full / broken)
 *   full  : a disk that fills up at op N: a write is cut to half (short count), every later allocating op (rename excepted) gets ENOSPC
 *   short : write op N is cut to half its length and reports a short write
 *   hook  : freeze at op N, run HOOKCMD to its end (e.g. a concurrent run), go on
 *   late  : freeze at op N of a DESCENDANT, SIGKILL the root process, run HOOKCMD (= recover), then let the orphan go on
 *  -S  do not count fsync-like and time/mode ops (useful with kill; they add no new on-disk state)
 * exit: 99 when the fault fired (kill/torn/main), else the command's own status (128+sig when killed).
 * stderr last line: "KP total=<ops> fired=<0|1> op=<description>"  */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>
#ifndef __x86_64__
#error x86-64 only
#endif
enum { K_FD = 1, K_P0 = 2, K_AT = 4, K_P01 = 8, K_AT2 = 16, K_SYM = 32, K_SYMAT = 64 };
enum { C_DATA = 1, C_META = 2, C_SYNC = 4, C_ATTR = 8, C_ALLOC = 16 };
typedef struct { int nr; const char *name; int kind; int cls; int lenarg; int openflag; } sysdef;
static const sysdef T[] = {
 {SYS_write,"write",K_FD,C_DATA|C_ALLOC,2,-1},{SYS_pwrite64,"pwrite64",K_FD,C_DATA|C_ALLOC,2,-1},
 {SYS_writev,"writev",K_FD,C_DATA|C_ALLOC,-1,-1},{SYS_pwritev,"pwritev",K_FD,C_DATA|C_ALLOC,-1,-1},{SYS_pwritev2,"pwritev2",K_FD,C_DATA|C_ALLOC,-1,-1},
 {SYS_sendfile,"sendfile",K_FD,C_DATA|C_ALLOC,3,-1},{SYS_copy_file_range,"copy_file_range",K_FD|(2<<8),C_DATA|C_ALLOC,4,-1},{SYS_splice,"splice",K_FD|(2<<8),C_DATA|C_ALLOC,4,-1},
 {SYS_open,"open",K_P0,C_META|C_ALLOC,-1,1},{SYS_openat,"openat",K_AT,C_META|C_ALLOC,-1,2},{SYS_creat,"creat",K_P0,C_META|C_ALLOC,-1,-1},
 {SYS_truncate,"truncate",K_P0,C_DATA,-1,-1},{SYS_ftruncate,"ftruncate",K_FD,C_DATA,-1,-1},{SYS_fallocate,"fallocate",K_FD,C_DATA|C_ALLOC,-1,-1},
 {SYS_rename,"rename",K_P01,C_META|C_ALLOC,-1,-1},{SYS_renameat,"renameat",K_AT2,C_META|C_ALLOC,-1,-1},{SYS_renameat2,"renameat2",K_AT2,C_META|C_ALLOC,-1,-1},
 {SYS_unlink,"unlink",K_P0,C_META,-1,-1},{SYS_unlinkat,"unlinkat",K_AT,C_META,-1,-1},{SYS_rmdir,"rmdir",K_P0,C_META,-1,-1},
 {SYS_mkdir,"mkdir",K_P0,C_META|C_ALLOC,-1,-1},{SYS_mkdirat,"mkdirat",K_AT,C_META|C_ALLOC,-1,-1},{SYS_mknod,"mknod",K_P0,C_META|C_ALLOC,-1,-1},{SYS_mknodat,"mknodat",K_AT,C_META|C_ALLOC,-1,-1},
 {SYS_link,"link",K_P01,C_META|C_ALLOC,-1,-1},{SYS_linkat,"linkat",K_AT2,C_META|C_ALLOC,-1,-1},{SYS_symlink,"symlink",K_SYM,C_META|C_ALLOC,-1,-1},{SYS_symlinkat,"symlinkat",K_SYMAT,C_META|C_ALLOC,-1,-1},
 {SYS_chmod,"chmod",K_P0,C_ATTR,-1,-1},{SYS_fchmod,"fchmod",K_FD,C_ATTR,-1,-1},{SYS_fchmodat,"fchmodat",K_AT,C_ATTR,-1,-1},{452,"fchmodat2",K_AT,C_ATTR,-1,-1},
 {SYS_chown,"chown",K_P0,C_ATTR,-1,-1},{SYS_fchown,"fchown",K_FD,C_ATTR,-1,-1},{SYS_lchown,"lchown",K_P0,C_ATTR,-1,-1},{SYS_fchownat,"fchownat",K_AT,C_ATTR,-1,-1},
 {SYS_utime,"utime",K_P0,C_ATTR,-1,-1},{SYS_utimes,"utimes",K_P0,C_ATTR,-1,-1},{SYS_utimensat,"utimensat",K_AT,C_ATTR,-1,-1},{SYS_futimesat,"futimesat",K_AT,C_ATTR,-1,-1},
 {SYS_setxattr,"setxattr",K_P0,C_ATTR,-1,-1},{SYS_lsetxattr,"lsetxattr",K_P0,C_ATTR,-1,-1},{SYS_fsetxattr,"fsetxattr",K_FD,C_ATTR,-1,-1},
 {SYS_fsync,"fsync",K_FD,C_SYNC,-1,-1},{SYS_fdatasync,"fdatasync",K_FD,C_SYNC,-1,-1},{SYS_sync_file_range,"sync_file_range",K_FD,C_SYNC,-1,-1},{SYS_syncfs,"syncfs",K_FD,C_SYNC,-1,-1},
 {SYS_ioctl,"ioctl(FICLONE)",K_FD,C_DATA|C_ALLOC,-1,-2},
 {425,"io_uring_setup",0,0,-1,-3},{437,"openat2",0,0,-1,-3},
};
#define NT ((int)(sizeof T/sizeof*T))
static const struct { const char *n; int v; } E[] = {{"ENOSPC",ENOSPC},{"EIO",EIO},{"EDQUOT",EDQUOT},{"EROFS",EROFS},{"EMFILE",EMFILE},{"EACCES",EACCES},{"EINTR",EINTR},{"ENOENT",ENOENT},{"EBUSY",EBUSY},{"EXDEV",EXDEV},{"EPERM",EPERM},{"ENOSYS",ENOSYS},{"EEXIST",EEXIST},{"ENOTSUP",EOPNOTSUPP}};
static char *roots[16]; static int nroots; static FILE *lg;
static long N; static int mode_kill,mode_torn,mode_main,mode_err,mode_errp,mode_short,mode_hook,mode_late,mode_full,skipsync; static int ecode; static char *hook;
static int install(void){
  struct sock_filter f[NT*6+16]; int n=0;
  f[n++]=(struct sock_filter)BPF_STMT(BPF_LD|BPF_W|BPF_ABS,offsetof(struct seccomp_data,nr));
  for(int i=0;i<NT;i++){
    if(T[i].openflag>=1||T[i].openflag==-2){
      int a=T[i].openflag>=1?T[i].openflag:1;
      f[n++]=(struct sock_filter)BPF_JUMP(BPF_JMP|BPF_JEQ|BPF_K,(unsigned)T[i].nr,0,5);
      f[n++]=(struct sock_filter)BPF_STMT(BPF_LD|BPF_W|BPF_ABS,offsetof(struct seccomp_data,args)+8*a);
      if(T[i].openflag>=1) f[n++]=(struct sock_filter)BPF_JUMP(BPF_JMP|BPF_JSET|BPF_K,O_CREAT|O_TRUNC|020000000,1,0);
      else f[n++]=(struct sock_filter)BPF_JUMP(BPF_JMP|BPF_JEQ|BPF_K,0x40049409,1,0);
      f[n++]=(struct sock_filter)BPF_STMT(BPF_RET|BPF_K,SECCOMP_RET_ALLOW);
      f[n++]=(struct sock_filter)BPF_STMT(BPF_RET|BPF_K,SECCOMP_RET_TRACE|(i&0xffff));
      f[n++]=(struct sock_filter)BPF_STMT(BPF_RET|BPF_K,SECCOMP_RET_ALLOW);
    } else if(T[i].openflag==-3){ /* make libuv fall back to plain syscalls */
      f[n++]=(struct sock_filter)BPF_JUMP(BPF_JMP|BPF_JEQ|BPF_K,(unsigned)T[i].nr,0,1);
      f[n++]=(struct sock_filter)BPF_STMT(BPF_RET|BPF_K,SECCOMP_RET_ERRNO|ENOSYS);
    } else {
      f[n++]=(struct sock_filter)BPF_JUMP(BPF_JMP|BPF_JEQ|BPF_K,(unsigned)T[i].nr,0,1);
      f[n++]=(struct sock_filter)BPF_STMT(BPF_RET|BPF_K,SECCOMP_RET_TRACE|(i&0xffff));
    }
  }
  f[n++]=(struct sock_filter)BPF_STMT(BPF_RET|BPF_K,SECCOMP_RET_ALLOW);
  struct sock_fprog p={.len=n,.filter=f};
  if(prctl(PR_SET_NO_NEW_PRIVS,1,0,0,0))return -1;
  return prctl(PR_SET_SECCOMP,SECCOMP_MODE_FILTER,&p,0,0);
}
/* ---- tracee table ---- */
typedef struct { pid_t tid; int deferred; } tr; static tr *tab; static int nt,cap;
static tr *find(pid_t t,int add){for(int i=0;i<nt;i++)if(tab[i].tid==t)return &tab[i]; if(!add)return 0; if(nt==cap){cap=cap?cap*2:64;tab=realloc(tab,cap*sizeof*tab);} tab[nt]=(tr){t,0}; return &tab[nt++];}
static void del(pid_t t){for(int i=0;i<nt;i++)if(tab[i].tid==t){tab[i]=tab[--nt];return;}}
static int rdstr(pid_t t,unsigned long a,char*b,size_t n){size_t o=0;while(o<n-1){size_t k=4096-(a+o)%4096;if(k>n-1-o)k=n-1-o;struct iovec l={b+o,k},r={(void*)(a+o),k};ssize_t g=process_vm_readv(t,&l,1,&r,1,0);if(g<=0)return -1;char*z=memchr(b+o,0,g);if(z)return 0;o+=g;}b[n-1]=0;return 0;}
static void norm(char*p){char out[PATH_MAX]="";char*s=strdup(p),*sv,*q;for(q=strtok_r(s,"/",&sv);q;q=strtok_r(0,"/",&sv)){if(!strcmp(q,"."))continue;if(!strcmp(q,"..")){char*e=strrchr(out,'/');if(e)*e=0;continue;}if(strlen(out)+strlen(q)+2<PATH_MAX){strcat(out,"/");strcat(out,q);}}free(s);strcpy(p,*out?out:"/");}
static void fdpath(pid_t t,int fd,char*o){char l[64];snprintf(l,64,"/proc/%d/fd/%d",t,fd);ssize_t k=readlink(l,o,PATH_MAX-1);o[k<0?0:k]=0;}
static void atpath(pid_t t,int dfd,unsigned long a,char*o){char s[PATH_MAX];if(rdstr(t,a,s,PATH_MAX)){*o=0;return;}if(!strncmp(s,"/proc/self/fd/",14)){char*e;long n=strtol(s+14,&e,10);char b[PATH_MAX];fdpath(t,(int)n,b);snprintf(o,PATH_MAX,"%.2000s%.2000s",b,*e=='/'?e:"");norm(o);return;}if(*s=='/'){strcpy(o,s);norm(o);return;}char b[PATH_MAX];if(dfd==AT_FDCWD){char l[64];snprintf(l,64,"/proc/%d/cwd",t);ssize_t k=readlink(l,b,PATH_MAX-1);b[k<0?0:k]=0;}else fdpath(t,dfd,b);snprintf(o,PATH_MAX,"%.2000s/%.2000s",b,s);norm(o);}
static int inroot(const char*p){if(*p!='/')return 0;if(!nroots)return strncmp(p,"/dev/",5)&&strncmp(p,"/proc/",6);for(int i=0;i<nroots;i++){size_t l=strlen(roots[i]);if(!strncmp(p,roots[i],l)&&(p[l]==0||p[l]=='/'||p[l]==' '))return 1;}return 0;}
static long count; static int fired; static char fop[PATH_MAX*2+128]="-"; static pid_t rootpid; static pid_t inflight; static int after_kill;
static int tgid_of(pid_t t){char l[64],b[4096];int tg=t;snprintf(l,64,"/proc/%d/status",t);FILE*f=fopen(l,"r");while(f&&fgets(b,4096,f))if(sscanf(b,"Tgid: %d",&tg)==1)break;if(f)fclose(f);return tg;}
static void killall_(void){for(int i=0;i<nt;i++)kill(tab[i].tid,SIGKILL);}
/* returns 1 when op was allowed and must be watched till its exit */
static int on_op(pid_t t){
  unsigned long idx; struct user_regs_struct r; if(ptrace(PTRACE_GETEVENTMSG,t,0,&idx)||idx>=(unsigned)NT)return 0; if(ptrace(PTRACE_GETREGS,t,0,&r))return 0;
  const sysdef*d=&T[idx]; unsigned long a[6]={r.rdi,r.rsi,r.rdx,r.r10,r.r8,r.r9}; char p[PATH_MAX]="",q[PATH_MAX]="";
  int k=d->kind&0xff;
  if(k==K_FD)fdpath(t,(int)a[d->kind>>8],p); else if(k==K_P0)atpath(t,AT_FDCWD,a[0],p); else if(k==K_AT)atpath(t,(int)a[0],a[1],p);
  else if(k==K_P01){atpath(t,AT_FDCWD,a[0],p);atpath(t,AT_FDCWD,a[1],q);} else if(k==K_AT2){atpath(t,(int)a[0],a[1],p);atpath(t,(int)a[2],a[3],q);}
  else if(k==K_SYM)atpath(t,AT_FDCWD,a[1],p); else if(k==K_SYMAT)atpath(t,(int)a[1],a[2],p);
  if(!inroot(p)&&!(*q&&inroot(q)))return 0;
  if(skipsync&&(d->cls&(C_SYNC|C_ATTR)))return 0;
  count++; char desc[PATH_MAX*2+128]; snprintf(desc,sizeof desc,"%s %s%s%s len=%ld",d->name,p,*q?" -> ":"",q,d->lenarg>=0?(long)a[d->lenarg]:-1L);
  if(lg){fprintf(lg,"%ld\t%d\t%s\n",count,tgid_of(t),desc);fflush(lg);}
  int hit=(N>0&&count==N);
  if(hit){snprintf(fop,sizeof fop,"%s",desc);}
  if(hit&&mode_kill){fired=1;killall_();return 2;}
  if(hit&&mode_main){fired=1;kill(rootpid,SIGKILL);return 0;}
  if(hit&&(mode_torn||mode_short)){fired=1;if(d->lenarg>=0&&a[d->lenarg]>1){unsigned long h=a[d->lenarg]/2;switch(d->lenarg){case 2:r.rdx=h;break;case 3:r.r10=h;break;case 4:r.r8=h;}ptrace(PTRACE_SETREGS,t,0,&r);} if(mode_torn)after_kill=1;return 1;}
  if(hit&&mode_late){
    if(tgid_of(t)==rootpid){fired=1;killall_();return 2;} fired=1;kill(rootpid,SIGKILL);int rc=system(hook);if(lg)fprintf(lg,"#late hook rc=%d\n",rc);return 1;}
  if(mode_full&&N>0&&count>=N&&(d->cls&C_ALLOC)&&strncmp(d->name,"rename",6)){ if(!fired&&d->lenarg>=0&&a[d->lenarg]>1){fired=1;snprintf(fop,sizeof fop,"%s",desc);unsigned long h=a[d->lenarg]/2;switch(d->lenarg){case 2:r.rdx=h;break;case 3:r.r10=h;break;case 4:r.r8=h;}ptrace(PTRACE_SETREGS,t,0,&r);return 1;} if(!fired){fired=1;snprintf(fop,sizeof fop,"%s",desc);} r.orig_rax=(unsigned long)-1;r.rax=(unsigned long)(long)-ENOSPC;ptrace(PTRACE_SETREGS,t,0,&r);return 0; }
  if(hit&&mode_hook){fired=1;int rc=system(hook);if(lg)fprintf(lg,"#hook rc=%d\n",rc);return 1;}
  if((mode_err&&hit)||(mode_errp&&N>0&&count>=N)){
    int can=1; if(mode_errp&&ecode==ENOSPC)can=d->cls&C_ALLOC; if(mode_errp&&ecode==EDQUOT)can=d->cls&C_ALLOC;
    if(can){if(hit||!fired){fired=1;if(!hit)snprintf(fop,sizeof fop,"%s",desc);} r.orig_rax=(unsigned long)-1; r.rax=(unsigned long)(long)-ecode; ptrace(PTRACE_SETREGS,t,0,&r); return 0;}
  }
  return 1;
}
int main(int c,char**v){
  int o; char*lf=0; const char*m="count";
  while((o=getopt(c,v,"+n:m:r:l:x:S"))!=-1)switch(o){case'n':N=atol(optarg);break;case'm':m=optarg;break;case'r':{char*rp=realpath(optarg,0);roots[nroots++]=rp?rp:optarg;break;}case'l':lf=optarg;break;case'x':hook=optarg;break;case'S':skipsync=1;break;default:return 2;}
  if(optind>=c){fprintf(stderr,"usage: kp [-n N] [-m count|kill|torn|main|short|hook|late|full|err:E|errp:E] [-r ROOT] [-l LOG] [-x HOOK] [-S] -- cmd...\n");return 2;}
  if(!strcmp(m,"kill"))mode_kill=1;else if(!strcmp(m,"torn"))mode_torn=1;else if(!strcmp(m,"main"))mode_main=1;else if(!strcmp(m,"short"))mode_short=1;else if(!strcmp(m,"hook"))mode_hook=1;else if(!strcmp(m,"late"))mode_late=1;else if(!strcmp(m,"full"))mode_full=1;
  else if(!strncmp(m,"err",3)){const char*e=strchr(m,':');if(m[3]=='p')mode_errp=1;else mode_err=1;for(unsigned i=0;e&&i<sizeof E/sizeof*E;i++)if(!strcmp(E[i].n,e+1))ecode=E[i].v;if(!ecode){fprintf(stderr,"errno?\n");return 2;}}
  if(lf)lg=fopen(lf,"w");
  int pf[2]; if(pipe2(pf,O_CLOEXEC))return 2; pid_t ch=fork();
  if(!ch){char b;close(pf[1]);if(read(pf[0],&b,1)!=1)_exit(127);if(install()){perror("seccomp");_exit(127);}execvp(v[optind],v+optind);perror("exec");_exit(127);}
  rootpid=ch; close(pf[0]);
  if(ptrace(PTRACE_SEIZE,ch,0,PTRACE_O_TRACESECCOMP|PTRACE_O_TRACEFORK|PTRACE_O_TRACEVFORK|PTRACE_O_TRACECLONE|PTRACE_O_TRACEEXEC|PTRACE_O_TRACESYSGOOD|PTRACE_O_EXITKILL)){perror("seize");return 2;}
  find(ch,1); if(write(pf[1],"x",1)!=1)return 2; close(pf[1]);
  int st,rootst=0; signal(SIGINT,SIG_IGN);
  for(;;){
    pid_t t=-1;
    if(!inflight)for(int i=0;i<nt;i++)if(tab[i].deferred){t=tab[i].tid;tab[i].deferred=0;break;}
    if(t>0){ int rr=on_op(t); if(rr==1){inflight=t;ptrace(PTRACE_SYSCALL,t,0,0);} else if(rr==0)ptrace(PTRACE_CONT,t,0,0); continue; }
    t=waitpid(-1,&st,__WALL); if(t<0){if(errno==EINTR)continue;break;}
    if(WIFEXITED(st)||WIFSIGNALED(st)){if(t==rootpid)rootst=st;if(inflight==t)inflight=0;del(t);continue;}
    find(t,1);
    int sig=WSTOPSIG(st),ev=st>>16;
    if(ev==PTRACE_EVENT_SECCOMP){ if(inflight){find(t,1)->deferred=1;continue;} int rr=on_op(t); if(rr==1){inflight=t;ptrace(PTRACE_SYSCALL,t,0,0);}else if(rr==0)ptrace(PTRACE_CONT,t,0,0); continue; }
    if(sig==(SIGTRAP|0x80)){ /* syscall exit of the in-flight op */
      if(inflight==t){inflight=0; if(after_kill){after_kill=0;killall_();continue;}} ptrace(PTRACE_CONT,t,0,0);continue; }
    if(ev==PTRACE_EVENT_STOP){ if(sig==SIGSTOP||sig==SIGTSTP||sig==SIGTTIN||sig==SIGTTOU)ptrace(PTRACE_LISTEN,t,0,0); else ptrace(inflight==t?PTRACE_SYSCALL:PTRACE_CONT,t,0,0); continue; }
    if(ev){ if(ev==PTRACE_EVENT_EXEC){unsigned long old;if(!ptrace(PTRACE_GETEVENTMSG,t,0,&old)&&(pid_t)old!=t){if(inflight==(pid_t)old)inflight=0;del((pid_t)old);}} ptrace(PTRACE_CONT,t,0,0);continue; }
    ptrace(inflight==t?PTRACE_SYSCALL:PTRACE_CONT,t,0,sig);
  }
  if(lg)fclose(lg);
  fprintf(stderr,"KP total=%ld fired=%d op=%s\n",count,fired,fop);
  if(fired&&(mode_kill||mode_torn||mode_main||mode_late))return 99;
  return WIFSIGNALED(rootst)?128+WTERMSIG(rootst):WEXITSTATUS(rootst);
}
